import { useRef } from 'preact/hooks';
import type { Chosen } from '../files';
import { useSurroundings } from './context';
import { Icon } from './Icon';

/** Lists the files of the draft with their progress and errors. */
export function Attached({ all }: { all: readonly Chosen[] }) {
  const { chat, texts } = useSurroundings();
  return (
    <ul class="attached">
      {all.map(({ key, name, id, part, problem }) => (
        <li key={key}>
          <span class="text" dir="auto">
            {name}
          </span>
          {id === null && problem === null && <progress value={part} aria-label={name} />}
          {problem !== null && (
            <span class="fate failed" role="alert">
              {texts.reason(problem) ?? texts.notSent}
              <button
                type="button"
                class="link"
                onClick={() => {
                  chat.files.retry(key);
                }}
              >
                {texts.retry}
              </button>
            </span>
          )}
          <button
            type="button"
            class="close"
            aria-label={`${texts.remove} ${name}`}
            onClick={() => {
              chat.files.remove(key);
            }}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Shows the button that chooses files. On phones the browser offers the camera as well. */
export function Attach({ add }: { add: (files: FileList | undefined) => void }) {
  const { texts } = useSurroundings();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class="attach"
        aria-label={texts.attach}
        onClick={() => input.current?.click()}
      >
        <Icon name="clip" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          add(currentTarget.files ?? undefined);
          // The same file can be chosen again.
          currentTarget.value = '';
        }}
      />
    </>
  );
}
