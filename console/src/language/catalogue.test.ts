import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import { catalogue, LANGUAGES, type MessageKey } from './catalogue';

/** The names of the values and tags that a text shows. */
function names(elements: MessageFormatElement[]): Set<string> {
  return new Set(
    elements.flatMap((element) => {
      switch (element.type) {
        case TYPE.literal:
        case TYPE.pound:
          return [];
        case TYPE.tag:
          return [element.value, ...names(element.children)];
        case TYPE.plural:
        case TYPE.select:
          return [
            element.value,
            ...Object.values(element.options).flatMap(({ value }) => [...names(value)]),
          ];
        default:
          return [element.value];
      }
    }),
  );
}

describe.each(LANGUAGES)('the texts in %s', (language) => {
  const texts = catalogue[language];

  it('are the same as in English', () => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(catalogue.en).sort());
  });

  it('show the same values as in English', () => {
    for (const [key, text] of Object.entries(texts)) {
      const english = names(parse(catalogue.en[key as MessageKey]));
      expect([key, names(parse(text))]).toEqual([key, english]);
    }
  });
});
