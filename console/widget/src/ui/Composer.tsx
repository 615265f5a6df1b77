import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isOfComposition } from '../../../src/composer/composing';
import type { Refused } from '../../../src/upload/picked';
import { isText, type Kept } from '../kept';
import { useSurroundings } from './context';
import { Attached, Attach } from './Files';
import { useShown } from './hooks';
import { Icon } from './Icon';
import { Words } from './Words';

/** The longest message, in code points. */
const LONGEST = 8000;
const DRAFT = 'draft';

/** The field where the visitor writes. A draft outlives the page, in its tab. */
export function Composer({ tab, takesFocus }: { tab: Kept; takesFocus: boolean }) {
  const { chat, texts } = useSurroundings();
  const [text, setText] = useState(() => tab.read(DRAFT, isText) ?? '');
  const [isFull, setFull] = useState(false);
  const [refused, refuse] = useState<Refused | null>(null);
  const { all } = useShown(chat.files.shown);
  const areaRef = useRef<HTMLTextAreaElement>(null);
  const isBlank = text.trim() === '' && all.length === 0;
  const isHeld = isBlank || all.some(({ id }) => id === null);
  const isTooLong = text.length > LONGEST && Array.from(text).length > LONGEST;
  const full = isFull ? texts.tooMany : refused === null ? null : texts.notTaken(refused);
  const complaint = isTooLong ? texts.tooLong(LONGEST) : full;

  useLayoutEffect(() => {
    if (takesFocus) areaRef.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  useLayoutEffect(() => {
    const element = areaRef.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const edit = (edited: string) => {
    setText(edited);
    setFull(false);
    refuse(null);
    tab.write(DRAFT, edited === '' ? null : edited);
  };
  const send = () => {
    if (isHeld || isTooLong) return;
    if (chat.write(text.trim())) edit('');
    else setFull(true);
    areaRef.current?.focus();
  };

  const add = (files: FileList | undefined) => {
    refuse(chat.files.add([...(files ?? [])]));
    areaRef.current?.focus();
  };

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the button does it by keys
    <form
      class="composer"
      onDragOver={(event) => {
        event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        add(event.dataTransfer?.files);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p id="complaint" class="complaint" role="alert" hidden={complaint === null}>
        {complaint !== null && <Words>{complaint}</Words>}
      </p>
      <Attached all={all} />
      <div class="field">
        <Attach add={add} />
        <textarea
          ref={areaRef}
          rows={1}
          dir="auto"
          value={text}
          placeholder={texts.placeholder}
          aria-label={texts.placeholder}
          aria-invalid={isTooLong}
          aria-describedby="complaint"
          enterkeyhint="send"
          onInput={(event) => {
            edit(event.currentTarget.value);
            if (event.currentTarget.value.trim() !== '') chat.typing();
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData;
            if (!pasted?.files.length || pasted.types.includes('text/plain')) return;
            event.preventDefault();
            add(pasted.files);
          }}
          onKeyDown={(event) => {
            // Enter also ends the choice of a character of some languages.
            if (event.key !== 'Enter' || event.shiftKey || isOfComposition(event)) return;
            event.preventDefault();
            send();
          }}
        />
        <button type="submit" class="send" aria-label={texts.send} disabled={isHeld || isTooLong}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
