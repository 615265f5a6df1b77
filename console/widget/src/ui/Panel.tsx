import { useLayoutEffect, useRef } from 'preact/hooks';
import { isOfComposition } from '../../../src/composer/composing';
import type { Kept } from '../kept';
import type { ChatState } from '../state';
import { Composer } from './Composer';
import { useSurroundings } from './context';
import { Icon } from './Icon';
import { Log } from './Log';
import { Words } from './Words';

interface PanelProps {
  readonly state: ChatState;
  readonly tab: Kept;
  /** True if the window covers the page, which then cannot be used. */
  readonly isCovering: boolean;
  readonly takesFocus: boolean;
  readonly onClose: () => void;
}

/** The window of the chat. */
export function Panel({ state, tab, isCovering, takesFocus, onClose }: PanelProps) {
  const { texts } = useSurroundings();
  const panelRef = useRef<HTMLDivElement>(null);
  useVisibleHeight(panelRef, isCovering);
  const isBarred = state.phase === 'barred';
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of a dialog
    <div
      id="panel"
      class="panel"
      ref={panelRef}
      role="dialog"
      aria-labelledby="title"
      aria-modal={isCovering}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !isOfComposition(event)) onClose();
        if (event.key === 'Tab' && isCovering) keepFocus(event, event.currentTarget);
      }}
    >
      <header class="header">
        <h2 id="title" class="title" dir="auto">
          <Words>{state.liveChatName ?? texts.chat}</Words>
        </h2>
        <button type="button" class="close" aria-label={texts.closeChat} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <p class="notice" role="status">
        {state.isOffline && !isBarred && <span>{texts.offline}</span>}
      </p>
      {isBarred && state.dialog.entries.length === 0 && state.outgoing.length === 0 ? (
        <p class="welcome">{texts.barred}</p>
      ) : (
        <Log state={state} />
      )}
      <p class="typist" aria-hidden="true">
        {state.typist !== null && (
          <>
            <span class="dots">
              <i />
              <i />
              <i />
            </span>
            <Words dir="auto">{texts.typing(state.typist)}</Words>
          </>
        )}
      </p>
      {isBarred ? (
        <p class="barred" role="status">
          {(state.outgoing.length > 0 || state.dialog.entries.length > 0) && (
            <Words>{texts.barred}</Words>
          )}
        </p>
      ) : (
        <Composer tab={tab} takesFocus={takesFocus} />
      )}
    </div>
  );
}

/** Behind a window that covers the page there is nothing to go to. */
function keepFocus(event: KeyboardEvent, panel: HTMLElement): void {
  const stops = panel.querySelectorAll<HTMLElement>(
    'button:not(:disabled), textarea, a[href], [tabindex="0"]',
  );
  const root = panel.getRootNode();
  const focused = root instanceof ShadowRoot ? root.activeElement : null;
  const [edge, next] = event.shiftKey
    ? [stops[0], stops[stops.length - 1]]
    : [stops[stops.length - 1], stops[0]];
  if (focused !== edge) return;
  event.preventDefault();
  next?.focus();
}

/** Fits the window into the space that the keyboard of a phone leaves. */
function useVisibleHeight(panelRef: { current: HTMLElement | null }, isCovering: boolean): void {
  useLayoutEffect(() => {
    const view = window.visualViewport;
    const style = panelRef.current?.style;
    if (!isCovering || !view || !style) return;
    const fit = () => {
      style.setProperty('--visible-height', `${view.height}px`);
      style.setProperty('--visible-top', `${view.offsetTop}px`);
    };
    fit();
    view.addEventListener('resize', fit);
    view.addEventListener('scroll', fit);
    return () => {
      view.removeEventListener('resize', fit);
      view.removeEventListener('scroll', fit);
    };
  }, [panelRef, isCovering]);
}
