import type { FragmentType } from '@apollo/client';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useFacts } from '../apollo/useFacts';
import { useIsPast } from '../clock/useNow';
import { Composer } from '../composer/Composer';
import { replying, takenBack, type Draft } from '../composer/drafts';
import type { Outbox, Outgoing } from '../composer/outbox';
import { useDraft, type SetDraft } from '../composer/useDraft';
import { useOutbox } from '../composer/useOutbox';
import { cut } from '../composer/written';
import { graphql } from '../generated';
import type {
  Dialog_SessionFragment as SessionFacts,
  Dialog_ViewerFragment as ViewerFacts,
} from '../generated/graphql';
import type { Sight } from '../session/useGone';
import { useShortcut } from '../shortcut/registry';
import { Announcer } from './Announcer';
import type { RetryChance } from './delivery';
import { DialogHeader } from './DialogHeader';
import { DialogSkeleton } from './DialogSkeleton';
import type { EntryActs } from './EntryRow';
import { GoneNotice } from './GoneNotice';
import { MessageList } from './MessageList';
import { rowsOf, unseenIn, type Entry } from './rows';
import { runAround } from './run';
import type { Typist } from './typing';
import { TypingLine } from './TypingLine';
import { useDialogFeed } from './useDialogFeed';
import { useFirstNew } from './useFirstNew';
import { useHistory, type PlacedEntry } from './useHistory';
import { useReading } from './useReading';
import { Viewer } from './Viewer';

const SESSION = graphql(`
  fragment Dialog_session on Session {
    id
    version
    name
    viewerReadSeq
    unreadCount
    replyUntil
    channel {
      id
      canReply
    }
    viewerCanReply
    viewerCanNote
    ...DialogHeader_session
    ...DialogEntries_session @unmask
    ...Composer_session
  }
`);

const VIEWER = graphql(`
  fragment Dialog_viewer on Viewer {
    employee {
      id
      name
      presence
    }
  }
`);

interface Props {
  session: FragmentType<SessionFacts>;
  viewer: FragmentType<ViewerFacts>;
  sight: Sight;
  /** True while the page shows the kept session and reads the new one. */
  isKept: boolean;
}

/** The pane in the middle: what was written, oldest first, and where one writes. */
export function Dialog({ session, viewer, sight, isKept }: Props) {
  const facts = useFacts(SESSION, session);
  const me = useFacts(VIEWER, viewer)?.employee;
  const edges = facts?.messages.edges;
  const entries = useMemo(() => edges?.map(({ cursor, node }) => ({ ...node, cursor })), [edges]);
  if (facts === undefined || me === undefined || entries === undefined) return <DialogSkeleton />;
  return <Opened session={facts} me={me} entries={entries} sight={sight} isKept={isKept} />;
}

/** The operator or supervisor who looks at the dialog. */
export interface Me {
  id: string;
  isOnline: boolean;
}

interface OpenedProps {
  session: SessionFacts;
  me: ViewerFacts['employee'];
  entries: readonly PlacedEntry[];
  sight: Sight;
  isKept: boolean;
}

function Opened({ session, me: employee, entries, sight, isKept }: OpenedProps) {
  const me = useMemo(
    () => ({ id: employee.id, isOnline: employee.presence === 'ONLINE' }),
    [employee],
  );
  const typists = useDialogFeed(session.id, sight);
  const [draft, setDraft] = useDraft(me.id, session.id);
  const own = { draft, setDraft, ...useOutbox(me.id, session.id) };
  const beginning = useFirstNew({ session, entries, myId: me.id, isKept });
  if (sight.gone !== undefined)
    return <GoneNotice name={session.name} by={sight.gone.by} {...own} />;
  if (beginning === undefined) return <DialogSkeleton />;
  const shown = { session, me, entries, typists, beginning: beginning.seq };
  return <Followed {...shown} {...own} />;
}

interface FollowedProps {
  session: SessionFacts;
  me: Me;
  entries: readonly PlacedEntry[];
  typists: readonly Typist[];
  /** The entry that it is opened at. */
  beginning: number | undefined;
  draft: Draft;
  setDraft: SetDraft;
  outbox: Outbox;
  outgoing: readonly Outgoing[];
}

function Followed(props: FollowedProps) {
  const { session, me, entries, typists, beginning, draft, setDraft, outbox, outgoing } = props;
  const [atEnd, setAtEnd] = useState(false);
  const [viewed, setViewed] = useState<string>();
  const history = useHistory(session.id, entries, beginning);
  const { run, isEnd, target, jump, toEnd } = history;
  const live = useMemo(() => runAround(entries), [entries]);
  const reading = useReading({
    sessionId: session.id,
    myId: me.id,
    entries: live,
    readSeq: session.viewerReadSeq,
    atEnd: atEnd && isEnd,
  });
  const { lineSeq, seenSeq, markUnread, forgetLine } = reading;
  const rows = useMemo(
    () =>
      rowsOf({
        entries: run,
        isEnd,
        outgoing,
        myId: me.id,
        sessionId: session.id,
        readSeq: lineSeq,
      }),
    [run, isEnd, outgoing, me.id, session.id, lineSeq],
  );
  const below = unseenIn({ entries, readSeq: seenSeq, sessionId: session.id, myId: me.id });
  const field = useRef<HTMLTextAreaElement>(null);
  const focus = useCallback(() => {
    field.current?.focus();
  }, []);
  const quote = useQuoting(setDraft, focus);
  const edit = useCallback(
    (one: Outgoing) => {
      setDraft((before) => takenBack(before, one));
      focus();
    },
    [setDraft, focus],
  );
  const isLate = useIsPast(session.replyUntil);
  const chance = useChance(session, me, isLate);
  const acts = useMemo<EntryActs>(
    () => ({
      quote: session.viewerCanReply && chance.hasWayOut && !isLate ? quote : undefined,
      jump: (seq) => void jump(seq),
      view: setViewed,
      markUnread: (seq) => void markUnread(seq),
      chance,
    }),
    [session.viewerCanReply, isLate, quote, jump, markUnread, chance],
  );
  useDialogShortcuts({ session, live, acts, toEnd });
  return (
    <>
      <DialogHeader session={session} me={me} lastSeq={seenSeq} onUnseen={toEnd} />
      <MessageList
        label={session.name}
        rows={rows}
        history={history}
        target={target}
        below={atEnd && isEnd ? 0 : below}
        onAtEnd={setAtEnd}
        acts={acts}
        outbox={outbox}
        edit={edit}
      />
      <Viewer entries={run} id={viewed} show={setViewed} />
      <Announcer entries={live} myId={me.id} isLate={isLate} />
      <TypingLine typists={typists} />
      <Composer
        session={session}
        me={me}
        field={field}
        draft={draft}
        setDraft={setDraft}
        outbox={outbox}
        readUpToSeq={seenSeq}
        jump={acts.jump}
        onSent={() => {
          forgetLine();
          toEnd();
        }}
      />
    </>
  );
}

/** True if failed deliveries can be begun anew: for those who may write notes here. */
function useChance(session: SessionFacts, me: Me, isLate: boolean): RetryChance {
  const { viewerCanNote: isAllowed, channel } = session;
  const { canReply: hasWayOut } = channel;
  const { isOnline } = me;
  return useMemo(
    () => ({ isAllowed, isOnline, hasWayOut, isLate }),
    [isAllowed, isOnline, hasWayOut, isLate],
  );
}

/** Quotes an entry in what is being written. */
function useQuoting(setDraft: SetDraft, focus: () => void) {
  return useCallback(
    ({ id, seq, author, text }: Entry) => {
      const quote = { id, seq, author: author.name, text: cut(text, 300) };
      setDraft((draft) => replying(draft, quote));
      focus();
    },
    [setDraft, focus],
  );
}

interface ShortcutProps {
  session: SessionFacts;
  live: readonly Entry[];
  acts: EntryActs;
  toEnd: () => void;
}

function useDialogShortcuts({ session, live, acts, toEnd }: ShortcutProps): void {
  const quoteLast = () => {
    const last = live.findLast((entry) => entry.kind === 'CLIENT');
    if (last !== undefined) acts.quote?.(last);
  };
  useShortcut('q', 'dialog.keys.quote', quoteLast, { enabled: acts.quote !== undefined });
  useShortcut('u', 'dialog.keys.unread', () => {
    const last = live.findLast(
      (entry) => entry.kind === 'CLIENT' && entry.session.id === session.id,
    );
    if (last !== undefined) acts.markUnread(last.seq);
  });
  useShortcut('b', 'dialog.keys.end', toEnd);
}
