import { LANGUAGES, type Language } from './catalogue';

/** The first of these languages that the page speaks; English when it speaks none. */
export function preferred(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => language === tag.toLowerCase().split('-')[0]);
    if (found !== undefined) return found;
  }
  return 'en';
}
