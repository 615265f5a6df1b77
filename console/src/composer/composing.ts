/** The parts of a keyboard event that the check reads. */
interface Pressed {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** The code of every key that goes to an input method and not to the field. */
const PROCESSED = 229;

/**
 * Tells whether a key press ends or belongs to the composition of a character, as in Japanese.
 * Safari ends the composition before it reports Enter: then only the old key code shows it.
 */
export function isOfComposition(event: Pressed): boolean {
  return event.isComposing || event.keyCode === PROCESSED;
}
