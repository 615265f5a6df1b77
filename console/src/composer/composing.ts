/** The parts of a keyboard event that the check reads. */
interface Pressed {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** The code of every key that goes to an input method and not to the field. */
const PROCESSED = 229;

/**
 * Whether a press of a key ends or belongs to the choice of a character, as of Japanese. Safari says
 * that the composition has ended before it says that Enter was pressed: then only its old code tells.
 */
export function isOfComposition(event: Pressed): boolean {
  return event.isComposing || event.keyCode === PROCESSED;
}
