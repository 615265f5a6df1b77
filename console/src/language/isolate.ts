// Characters that steer directions, and letters that are written from right to left.
const STEERS =
  /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const [BEGIN, END] = ['\u2068', '\u2069'];
const BEGINS = /[\u2066-\u2068]/;

/**
 * Somebody's name or words inside a sentence of ours: whatever characters they have, the rest of
 * the sentence is read in its own direction. What cannot turn anything stays as it is.
 */
export function isolate(value: string): string {
  if (!STEERS.test(value)) return value;
  let open = 0;
  let balanced = '';
  for (const character of value) {
    // One that ends what the value did not begin would end what stands around it.
    if (character === END && open === 0) continue;
    if (character === END) open -= 1;
    else if (BEGINS.test(character)) open += 1;
    balanced += character;
  }
  return BEGIN + balanced + END.repeat(open + 1);
}
