import { useApolloClient } from '@apollo/client/react';
import { notifications } from '@mantine/notifications';
import { useEffect, useSyncExternalStore } from 'react';
import { useIntl } from 'react-intl';
import { clock } from '../clock/clock';
import { useText } from '../language/language';
import type { Said } from '../error/refusal';
import { MOST_BYTES, MOST_FILES, sorted } from '../upload/picked';
import { uploadsOf } from '../upload/upload';
import type { DraftFile, Uploaded, UploadState } from '../upload/uploads';
import type { Draft } from './drafts';
import type { SetDraft } from './useDraft';

/** The files of a draft, and what can be done with them. */
export interface DraftFiles {
  files: readonly DraftFile[];
  /** True if all of them can be sent. */
  areReady: boolean;
  stateOf: (file: DraftFile) => UploadState;
  /** The file itself, if this page has it. */
  contentOf: (file: DraftFile) => File | undefined;
  add: (files: readonly File[]) => void;
  remove: (file: DraftFile) => void;
  retry: (file: DraftFile) => void;
  /** Forgets the uploads, after the message was sent. */
  forget: () => void;
}

/** Uploads the files of a draft, and stores the results in the draft. */
export function useFiles(sessionId: string, draft: Draft, setDraft: SetDraft): DraftFiles {
  const uploads = uploadsOf(useApolloClient());
  const all = useSyncExternalStore(uploads.subscribe, uploads.all);
  const complain = useComplaint();
  const files = draft.files ?? [];
  const uploadedOf = ({ key, uploaded }: DraftFile) => uploaded ?? doneOf(all.get(key)?.state);
  const news = files.filter((file) => file.uploaded === undefined && uploadedOf(file));
  useEffect(() => {
    if (news.length > 0) setDraft((before) => withUploaded(before, uploadedOf));
  });
  const stateOf = (file: DraftFile): UploadState => {
    const uploaded = uploadedOf(file);
    if (uploaded === undefined) return all.get(file.key)?.state ?? failed('upload.lost');
    const isLate = Date.parse(uploaded.until) < clock.now();
    return isLate ? failed('upload.late') : { kind: 'done', uploaded };
  };
  return {
    files,
    areReady: files.every((file) => file.uploaded && stateOf(file).kind === 'done'),
    stateOf,
    contentOf: ({ key }) => all.get(key)?.file,
    add: (picked) => {
      const { taken, refused } = sorted(picked, files.length);
      refused.forEach(complain);
      if (taken.length === 0) return;
      const added = taken.map((file) => uploads.start(sessionId, file));
      setDraft((before) => ({ ...before, files: [...(before.files ?? []), ...added] }));
    },
    remove: ({ key }) => {
      uploads.drop(key);
      setDraft((before) => {
        const left = before.files?.filter((file) => file.key !== key);
        return { ...before, files: left?.length ? left : undefined };
      });
    },
    retry: ({ key }) => {
      uploads.retry(key);
    },
    forget: () => {
      for (const { key } of files) uploads.drop(key);
    },
  };
}

const failed = (key: Said['key']): UploadState => ({ kind: 'failed', said: { key } });

function doneOf(state: UploadState | undefined): Uploaded | undefined {
  return state?.kind === 'done' ? state.uploaded : undefined;
}

function withUploaded(draft: Draft, uploadedOf: (file: DraftFile) => Uploaded | undefined): Draft {
  return {
    ...draft,
    files: draft.files?.map((file) => ({ ...file, uploaded: uploadedOf(file) })),
  };
}

/** Returns a function that shows why a file was refused. */
function useComplaint() {
  const text = useText();
  const intl = useIntl();
  return ({ file, why }: ReturnType<typeof sorted>['refused'][number]) => {
    const megabytes = { style: 'unit', unit: 'megabyte' } as const;
    const most =
      why === 'tooMany' ? MOST_FILES : intl.formatNumber(MOST_BYTES / 1024 ** 2, megabytes);
    notifications.show({
      color: 'red',
      message: text(`upload.${why}`, { name: file.name, most }),
    });
  };
}
