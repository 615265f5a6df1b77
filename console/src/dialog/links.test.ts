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
      'https://y.example/',
    ]);
    expect(joined(text)).toBe(text);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'ftp://files.example/a',
    'file:///etc/passwd',
    'shop.example',
    'Yes.It is',
    'xhttps://a.com',
    'a@b',
    'https://',
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

  it.each([
    ['www.shop.com/a.', 'www.shop.com/a', 'https://www.shop.com/a'],
    ['Zoe (zoe@shop.com)', 'zoe@shop.com', 'mailto:zoe@shop.com'],
    ['*zoe@shop.com*', 'zoe@shop.com', 'mailto:zoe@shop.com'],
    ['请写给zoe@shop.com谢谢', 'zoe@shop.com', 'mailto:zoe@shop.com'],
    ['请看https://a.com/b。谢谢', 'https://a.com/b', 'https://a.com/b'],
    ['请看www.shop.com，谢谢', 'www.shop.com', 'https://www.shop.com/'],
    ['（https://a.com/b）', 'https://a.com/b', 'https://a.com/b'],
    ['「https://a.com/b」を', 'https://a.com/b', 'https://a.com/b'],
    ['https://a.com/b؟', 'https://a.com/b', 'https://a.com/b'],
    ['**https://a.com/b**', 'https://a.com/b', 'https://a.com/b'],
    ['**https://a.com/b**: that', 'https://a.com/b', 'https://a.com/b'],
    ['_https://a.com/b_', 'https://a.com/b', 'https://a.com/b'],
    ['*https://a.com/b*.', 'https://a.com/b', 'https://a.com/b'],
    ['`https://a.com/b`', 'https://a.com/b', 'https://a.com/b'],
    ['~~https://a.com/b~~', 'https://a.com/b', 'https://a.com/b'],
    ['[this](https://a.com/b)', 'https://a.com/b', 'https://a.com/b'],
    ['https://a.com/b_(c)', 'https://a.com/b_(c)', 'https://a.com/b_(c)'],
    ['(see https://a.com/b_(c)).', 'https://a.com/b_(c)', 'https://a.com/b_(c)'],
    ['https://a.com/b/', 'https://a.com/b/', 'https://a.com/b/'],
    ['https://a.com/b-', 'https://a.com/b-', 'https://a.com/b-'],
  ])('of %s are %s', (text, shown, href) => {
    const links = partsOf(text).filter((part) => part.href !== undefined);
    expect(links).toEqual([{ text: shown, href }]);
    expect(joined(text)).toBe(text);
  });

  it('are two where Markdown has an address as its own text', () => {
    expect(linksOf('[https://a.com](https://a.com/b)')).toEqual([
      'https://a.com/',
      'https://a.com/b',
    ]);
  });

  it('give no mail a subject or a copy', () => {
    for (const href of linksOf('a?bcc=everybody@shop.com')) expect(href).not.toMatch(/[?&]/);
  });

  it.each([
    ['dots and brackets', `http://a/${'.'.repeat(1000)}x${')'.repeat(1000)}`],
    ['more dots and brackets', `http://a/${'.'.repeat(3900)}x${')'.repeat(3900)}`],
    ['opening brackets', `http://a/${'('.repeat(7900)}`],
    ['pairs of brackets', `http://a/${'()'.repeat(3900)}`],
    ['brackets of all kinds', `http://a/${'([{'.repeat(2600)}`],
    ['schemes', 'http://'.repeat(1100)],
    ['domains without an end', 'a.'.repeat(4000)],
    ['domains without an end and a sign', `${'a.'.repeat(3990)}@`],
    ['signs', '@'.repeat(8000)],
    ['addresses', 'a@a.'.repeat(2000)],
    ['www', 'www.'.repeat(2000)],
    ['just under the bound', `${'a.'.repeat(1022)}@ `.repeat(4)],
    ['hyphens', `a@a${'-'.repeat(7990)}`],
    ['signs of Markdown', `https://a/${'*_'.repeat(3990)}`],
    ['white space', ' '.repeat(8000)],
    ['Chinese', '请看。'.repeat(2600) + '@'],
  ])('are found in a hostile text at once: %s', (_, text) => {
    const began = performance.now();
    expect(joined(text)).toBe(text);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
