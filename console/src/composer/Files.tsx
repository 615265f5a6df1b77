import { ActionIcon, CloseButton, Progress, Text } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { useIntl } from 'react-intl';
import { shownSize } from '../dialog/attachment';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import type { DraftFile } from '../upload/uploads';
import styles from './Files.module.css';
import type { DraftFiles } from './useFiles';

/** Lists the files of a draft with their progress. */
export function Files({ own }: { own: DraftFiles }) {
  const text = useText();
  if (own.files.length === 0) return null;
  return (
    <ul className={styles.files} aria-label={text('upload.files')}>
      {own.files.map((file) => (
        <li key={file.key} className={styles.file}>
          <File file={file} own={own} />
        </li>
      ))}
    </ul>
  );
}

function File({ file, own }: { file: DraftFile; own: DraftFiles }) {
  const text = useText();
  const intl = useIntl();
  const { name } = file;
  const state = own.stateOf(file);
  const content = own.contentOf(file);
  const isSending = state.kind === 'sending';
  return (
    <>
      <Preview file={content} />
      <div className={styles.about}>
        <bdi className={styles.name}>{name}</bdi>
        {state.kind === 'failed' ? (
          <Text size="xs" c="red" role="alert">
            {text(state.said.key, state.said.values)}
          </Text>
        ) : (
          <Text size="xs" c="dimmed">
            {shownSize(intl, file.size)}
          </Text>
        )}
        {isSending && (
          <Progress
            size="xs"
            value={100 * state.part}
            aria-label={text('upload.sending', { part: state.part })}
          />
        )}
      </div>
      {state.kind === 'failed' && content !== undefined && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={text('upload.retry', { name })}
          onClick={() => {
            own.retry(file);
          }}
        >
          <Icon name="retry" size={16} />
        </ActionIcon>
      )}
      <CloseButton
        size="sm"
        aria-label={text(isSending ? 'upload.cancel' : 'upload.remove', { name })}
        onClick={() => {
          own.remove(file);
        }}
      />
    </>
  );
}

/** Shows a thumbnail of a picture that was chosen on this page, or the icon of a file. */
function Preview({ file }: { file: Blob | undefined }) {
  const url = useMemo(
    () => (file?.type.startsWith('image/') ? URL.createObjectURL(file) : undefined),
    [file],
  );
  useEffect(
    () => () => {
      if (url !== undefined) URL.revokeObjectURL(url);
    },
    [url],
  );
  if (url === undefined) return <Icon name="file" size={20} />;
  return <img className={styles.preview} src={url} alt="" />;
}
