/** Puts a text on the clipboard, where the browser lets a page do that. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // It is refused, or the page is not on https: the text can still be selected.
  }
}
