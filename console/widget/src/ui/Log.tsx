import { useCallback, useEffect, useMemo } from 'preact/hooks';
import { rowsOf } from '../rows';
import type { ChatState } from '../state';
import { Bubble } from './Bubble';
import { useSurroundings } from './context';
import { Icon } from './Icon';
import { useScroll } from './scroll';
import { useDay } from './today';
import { Words } from './Words';

/** So near the start the entries before are read. */
const NEAR_START = 120;

/** The dialog, with what is still to be sent after it. */
export function Log({ state }: { state: ChatState }) {
  const { chat, texts, times } = useSurroundings();
  const { dialog, outgoing, earlier, phase } = state;
  const rows = useMemo(() => rowsOf(dialog.entries, outgoing), [dialog.entries, outgoing]);
  const { listRef, toEnd, scrolled, isAtEnd } = useScroll({
    firstKey: dialog.entries[0]?.id,
    ownKey: outgoing.at(-1)?.clientMessageId,
    content: rows,
  });

  const readEarlier = useCallback(() => {
    const element = listRef.current;
    const isNear = element !== null && element.scrollTop < NEAR_START;
    if (isNear && earlier === 'idle' && dialog.hasEarlier) void chat.readEarlier();
  }, [chat, dialog, earlier, listRef]);
  useEffect(readEarlier, [readEarlier]);
  useSeen(isAtEnd, dialog);

  const now = useDay(dialog.entries.at(-1)?.sentAt);
  return (
    <div class="log-frame">
      <div
        class="log"
        ref={listRef}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keys have to scroll it
        tabIndex={0}
        role="region"
        aria-label={texts.messages}
        onScroll={() => {
          scrolled();
          readEarlier();
        }}
      >
        {dialog.hasEarlier && (
          <button type="button" class="link earlier" onClick={() => void chat.readEarlier()}>
            <Words>{earlier === 'failed' ? texts.earlierFailed : texts.earlier}</Words>
          </button>
        )}
        {rows.length === 0 && <Welcome isLoading={phase === 'loading'} />}
        <ol class="rows">
          {rows.map((row) =>
            row.kind === 'day' ? (
              <li key={row.key} class="day">
                <time dateTime={row.at.toISOString()}>
                  <Words>{times.dayOf(row.at, now)}</Words>
                </time>
              </li>
            ) : (
              <Bubble key={row.key} row={row} problem={state.problem} />
            ),
          )}
        </ol>
      </div>
      {!isAtEnd && state.unread > 0 && (
        <button type="button" class="to-end" onClick={toEnd}>
          {texts.newMessages}
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function Welcome({ isLoading }: { isLoading: boolean }) {
  const { texts } = useSurroundings();
  if (isLoading) return <p class="welcome">{texts.loading}</p>;
  return (
    <div class="welcome">
      <p class="welcome-title">{texts.welcome}</p>
      <p>{texts.welcomeHint}</p>
    </div>
  );
}

/** Marks the end as read when it is in sight, on a visible page. */
function useSeen(isAtEnd: boolean, dialog: ChatState['dialog']): void {
  const { chat } = useSurroundings();
  useEffect(() => {
    const look = () => {
      if (isAtEnd && document.visibilityState === 'visible') chat.seen();
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
    };
  }, [chat, isAtEnd, dialog]);
}
