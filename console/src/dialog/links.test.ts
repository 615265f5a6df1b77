import { describe, expect, it } from 'vitest';
import { partsOf } from './links';

const linksOf = (text: string) => partsOf(text).flatMap(({ href }) => href ?? []);
const joined = (text: string) =>
  partsOf(text)
    .map((part) => part.text)
    .join('');

describe('the links of a text', () => {
  it('are its http and https addresses, without the signs around them', () => {
    const text =
      'See https://shop.example/a?b=c#d, (http://shop.example/x) or “https://y.example”.';
    expect(linksOf(text)).toEqual([
      'https://shop.example/a?b=c#d',
      'http://shop.example/x',
      'https://y.example',
    ]);
    expect(joined(text)).toBe(text);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'ftp://files.example/a',
    'file:///etc/passwd',
    'shop.example',
    'zoe@shop.example',
    '<a href="x">x</a>',
  ])('are not %s', (text) => {
    expect(linksOf(text)).toEqual([]);
    expect(joined(text)).toBe(text);
  });

  it('do not take anything from the text', () => {
    for (const text of ['', ' ', 'a\nb', '🙂 https://a.example 🙂', 'مرحبا https://a.example/ب']) {
      expect(joined(text)).toBe(text);
    }
  });
});
