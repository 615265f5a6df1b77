import { describe, expect, it } from 'vitest';
import { linkOf, nameOfKind } from './contact';

const href = (kind: string, value: string) => linkOf(kind, value)?.href;

describe('the link of a contact', () => {
  it('writes to an address of mail, and to nobody else', () => {
    expect(href('email', ' ann@example.com ')).toBe('mailto:ann@example.com');
    expect(href('EMAIL', 'ann+1@mail.example.com')).toBe('mailto:ann%2B1@mail.example.com');
    expect(href('email', 'a?cc=eve@example.com')).toBe('mailto:a%3Fcc%3Deve@example.com');
    expect(href('email', 'анна@пример.рф')).toBe('mailto:%D0%B0%D0%BD%D0%BD%D0%B0@пример.рф');
    for (const wrong of ['ann', 'ann@', '@example.com', 'a@b', 'a@example.com?bcc=eve', 'a@b@c.de'])
      expect([wrong, href('email', wrong)]).toEqual([wrong, undefined]);
  });

  it('calls a number, however it is grouped', () => {
    expect(href('phone', '+49 (30) 123-456')).toBe('tel:+4930123456');
    expect(href('phone', '112')).toBe('tel:112');
    for (const wrong of ['call me', '+49 30 ext. 5', '12', '+', '1'.repeat(16), '*21*1#'])
      expect([wrong, href('phone', wrong)]).toEqual([wrong, undefined]);
  });

  it('opens a chat of WhatsApp by the digits alone', () => {
    const page = { href: 'https://wa.me/4930123456', isPage: true };
    expect(linkOf('whatsapp', '+49 30 123456')).toEqual(page);
    expect(linkOf('whatsapp', '4930123456')).toEqual(page);
    for (const wrong of ['030123456', '123', 'ann', '4930123456/../x'])
      expect([wrong, href('whatsapp', wrong)]).toEqual([wrong, undefined]);
  });

  it('opens a chat of Telegram by the user name', () => {
    expect(linkOf('telegram', '@ann_smith')).toEqual({
      href: 'https://t.me/ann_smith',
      isPage: true,
    });
    expect(href('telegram', 'Ann7')).toBe('https://t.me/Ann7');
    for (const wrong of ['12345', '@ann smith', 'ann/../x', 'ann?x', '@@ann', 'a'.repeat(33)])
      expect([wrong, href('telegram', wrong)]).toEqual([wrong, undefined]);
  });

  it('is none of any other kind', () => {
    expect(linkOf('web', 'https://example.com')).toBeUndefined();
    expect(linkOf('javascript', 'alert(1)')).toBeUndefined();
    expect(linkOf('email', `${'a'.repeat(60)}@${'b.'.repeat(120)}example.com`)).toBeUndefined();
  });
});

it('names the kinds that it knows', () => {
  expect(nameOfKind('WhatsApp')).toBe('information.whatsApp');
  expect(nameOfKind('pigeon')).toBeUndefined();
  expect(nameOfKind('constructor')).toBeUndefined();
});
