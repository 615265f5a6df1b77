import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ChatState } from '../state';
import { useSurroundings } from './context';
import { Icon } from './Icon';

/** Shows a picture of the dialog above the page. The arrow keys show the others, Esc closes it. */
export function Viewer({ state }: { state: ChatState }) {
  const { chat, texts } = useSurroundings();
  const dialog = useRef<HTMLDialogElement>(null);
  const pictures = state.dialog.entries
    .flatMap(({ attachments }) => attachments)
    .filter(({ thumbnailUrl }) => thumbnailUrl !== null);
  const place = pictures.findIndex(({ id }) => id === state.viewed);
  const picture = pictures[place];
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const turn = (by: number) => {
    const next = pictures[place + by];
    if (next !== undefined) chat.shown.set({ viewed: next.id });
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of a dialog
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={picture?.name ?? ''}
      onClose={() => {
        chat.shown.set({ viewed: null });
      }}
      onKeyDown={({ key }) => {
        turn(key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0);
      }}
    >
      <form method="dialog">
        {([-1, 1] as const).map((by) => (
          <button
            key={by}
            type="button"
            class="close"
            aria-label={by < 0 ? texts.before : texts.after}
            disabled={pictures[place + by] === undefined}
            onClick={() => {
              turn(by);
            }}
          >
            {by < 0 ? '‹' : '›'}
          </button>
        ))}
        <button class="close" aria-label={texts.closePicture}>
          <Icon name="close" />
        </button>
      </form>
      <img src={picture?.url ?? ''} alt={picture?.name ?? ''} />
    </dialog>
  );
}
