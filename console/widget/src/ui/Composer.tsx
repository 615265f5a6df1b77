import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isOfComposition } from '../../../src/composer/composing';
import { isText, type Kept } from '../kept';
import { useSurroundings } from './context';
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
  const areaRef = useRef<HTMLTextAreaElement>(null);
  const isBlank = text.trim() === '';
  const isTooLong = text.length > LONGEST && Array.from(text).length > LONGEST;
  const complaint = isTooLong ? texts.tooLong(LONGEST) : isFull ? texts.tooMany : null;

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
    tab.write(DRAFT, edited === '' ? null : edited);
  };
  const send = () => {
    if (isBlank || isTooLong) return;
    if (chat.write(text.trim())) edit('');
    else setFull(true);
    areaRef.current?.focus();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p id="complaint" class="complaint" role="alert" hidden={complaint === null}>
        {complaint !== null && <Words>{complaint}</Words>}
      </p>
      <div class="field">
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
          onKeyDown={(event) => {
            // Enter also ends the choice of a character of some languages.
            if (event.key !== 'Enter' || event.shiftKey || isOfComposition(event)) return;
            event.preventDefault();
            send();
          }}
        />
        <button type="submit" class="send" aria-label={texts.send} disabled={isBlank || isTooLong}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
