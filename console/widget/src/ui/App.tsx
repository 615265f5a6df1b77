import { useEffect, useRef, useState } from 'preact/hooks';
import type { Kept } from '../kept';
import { ring } from '../sound';
import { useSurroundings } from './context';
import { useMedia, useShown } from './hooks';
import { Icon } from './Icon';
import { Panel } from './Panel';
import { Viewer } from './Viewer';
import { Words } from './Words';

/** A window so small that the chat takes all of it; the same as in the style sheet. */
const SMALL = '(max-width: 480px), (max-height: 420px)';
/** So much of an answer is read out. */
const SPOKEN = 300;

/** The button and the window. */
export function App({ kept, tab, hasSound }: { kept: Kept; tab: Kept; hasSound: boolean }) {
  const { chat, texts } = useSurroundings();
  const state = useShown(chat.shown);
  const isCovering = useMedia(SMALL);
  const launcherRef = useRef<HTMLButtonElement>(null);
  // A window that is open since before must not take the focus from the page.
  const [wasOpenedByHand, setOpenedByHand] = useState(false);
  const spoken = useSpoken(kept, hasSound);

  const open = () => {
    setOpenedByHand(true);
    chat.open();
  };
  const close = () => {
    chat.close();
    // If the window covered the page, the button returns only after rendering.
    requestAnimationFrame(() => launcherRef.current?.focus({ preventScroll: true }));
  };
  const label = state.isOpen ? texts.closeChat : texts.openChat;
  return (
    <>
      <button
        type="button"
        class={`launcher ${state.isOpen ? 'is-open' : ''}`}
        ref={launcherRef}
        aria-label={state.unread > 0 ? `${label}, ${texts.unread(state.unread)}` : label}
        aria-haspopup="dialog"
        aria-expanded={state.isOpen}
        onClick={state.isOpen ? close : open}
      >
        <Icon name={state.isOpen ? 'close' : 'chat'} />
        {state.unread > 0 && !state.isOpen && (
          <span class="badge" aria-hidden="true" translate={false}>
            {state.unread}
          </span>
        )}
      </button>
      {state.isOpen && (
        <Panel
          state={state}
          tab={tab}
          isCovering={isCovering}
          takesFocus={wasOpenedByHand}
          onClose={close}
        />
      )}
      {state.viewed !== null && <Viewer state={state} />}
      <div class="hidden" role="log" aria-live="polite">
        <Words>{spoken}</Words>
      </div>
    </>
  );
}

/** Says answers to who does not see them, and rings when nobody looks. */
function useSpoken(kept: Kept, hasSound: boolean): string {
  const { chat } = useSurroundings();
  const [spoken, speak] = useState('');
  useEffect(() => {
    return chat.onReply((reply) => {
      speak(`${reply.author.name}: ${reply.text.slice(0, SPOKEN)}`);
      const isSeen = chat.shown.state.isOpen && document.visibilityState === 'visible';
      if (hasSound) void ring(kept, reply.seq, isSeen);
    });
  }, [chat, kept, hasSound]);
  return spoken;
}
