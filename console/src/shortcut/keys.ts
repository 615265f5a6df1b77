/** The fields of a keyboard event that decide which shortcut it is. */
export interface Pressed {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/**
 * Tells whether a pressed key is that of a shortcut: `n`, `?`, `Escape`, `mod+Enter` (Ctrl, or Cmd
 * on a Mac), `mod+shift+k`. A letter is found by its place when the keyboard writes another script.
 */
export function matches(pressed: Pressed, shortcut: string): boolean {
  const parts = shortcut === '+' ? ['+'] : shortcut.split('+');
  const key = parts.at(-1) ?? '';
  const mod = parts.includes('mod');
  if ((pressed.ctrlKey || pressed.metaKey) !== mod || pressed.altKey) return false;
  // Of signs such as `?` the shift key is how they are written, not what they mean.
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  if (!isSign && pressed.shiftKey !== parts.includes('shift')) return false;
  return latin(pressed).toLowerCase() === key.toLowerCase();
}

function latin({ key, code }: Pressed): string {
  const foreign = key.length === 1 && key > '\u007f';
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return foreign && letter !== undefined ? letter : key;
}

/** Tells whether a shortcut is a single key, which has to stay a letter in text fields. */
export function isSingleKey(shortcut: string): boolean {
  return !shortcut.startsWith('mod+') && shortcut !== 'Escape';
}
