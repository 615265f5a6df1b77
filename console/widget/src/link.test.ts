import { expect, test } from 'vitest';
import { pieces } from './link';

const links = (text: string) => pieces(text).flatMap(({ href }) => (href === null ? [] : [href]));

test('the pieces of a text joined are the text', () => {
  for (const text of [
    '',
    'no address',
    'https://a.example',
    'see https://a.example/b?c=d#e, then (http://b.example/x_(y)) or https://c.example…',
    'line\nhttps://a.example\n\nhttps://b.example',
    'https:// https://. http://[ https://a b',
  ]) {
    expect(
      pieces(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  }
});

test('only addresses with http and https can be followed', () => {
  expect(links('http://a.example/ HTTPS://B.example/')).toEqual([
    'http://a.example/',
    'https://b.example/',
  ]);
  for (const text of [
    'javascript:alert(1)',
    'data:text/html,<b>',
    'ftp://a.example',
    'www.a.example',
    'xhttps://a.example',
    '<a href="javascript:alert(1)">x</a>',
  ]) {
    expect(links(text)).toEqual([]);
  }
});

test('the punctuation around an address does not belong to it', () => {
  for (const [text, shown] of [
    ['(https://a.example/b)', 'https://a.example/b'],
    ['https://a.example/b).', 'https://a.example/b'],
    ['https://a.example/b_(c)', 'https://a.example/b_(c)'],
    ['(see https://a.example/b_(c)).', 'https://a.example/b_(c)'],
    ['https://a.example/b?!', 'https://a.example/b'],
    ['«https://a.example/b»', 'https://a.example/b'],
    ['"https://a.example/b"', 'https://a.example/b'],
    ['<https://a.example/b>', 'https://a.example/b'],
  ] as const) {
    expect(pieces(text).find(({ href }) => href !== null)?.text, text).toBe(shown);
  }
});
