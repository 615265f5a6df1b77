/** Puts a text on the clipboard, where the browser lets a page do that; whether it did. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // It is refused, or the page is not on https: the text can still be selected.
    return false;
  }
}
