import { beforeEach, expect, test, vi } from 'vitest';
import { inkOn } from './color';
import { readSettings, visitorOf } from './settings';

beforeEach(() => void vi.stubGlobal('location', { href: 'https://shop.example/page' }));

function read(
  attributes: Record<string, string>,
  pageLanguage = '',
  browserLanguages = ['de'],
  { query = '', page = undefined as Record<string, unknown> | undefined } = {},
) {
  const complaints: string[] = [];
  const tag = {
    src: `https://chat.example/widget.js${query}`,
    getAttribute: (name: string) => attributes[name] ?? null,
  };
  const settings = readSettings(tag as HTMLScriptElement, {
    pageLanguage,
    browserLanguages,
    page,
    complain: (message) => complaints.push(message),
  });
  return { settings, complaints };
}

test('the id of the live chat is enough', () => {
  const { settings, complaints } = read({ 'data-live-chat': ' id ' });
  expect(settings).toEqual({
    liveChatId: 'id',
    api: 'https://chat.example',
    socket: 'wss://chat.example/graphql',
    language: 'en',
    name: null,
    email: null,
    position: null,
    color: null,
    hasSound: true,
  });
  expect(complaints).toEqual([]);
});

test('without it, or with an address that is none, there is no chat', () => {
  for (const attributes of [
    {},
    { 'data-live-chat': ' ' },
    { 'data-live-chat': 'id', 'data-api': 'javascript:alert(1)' },
    { 'data-live-chat': 'id', 'data-api': 'http://' },
  ]) {
    const { settings, complaints } = read(attributes);
    expect(settings).toBeNull();
    expect(complaints).toHaveLength(1);
  }
});

test('another address can be named, and another for the socket', () => {
  const api = read({ 'data-live-chat': 'id', 'data-api': 'http://127.0.0.1:4000/' }).settings;
  expect(api).toMatchObject({
    api: 'http://127.0.0.1:4000',
    socket: 'ws://127.0.0.1:4000/graphql',
  });
  const socket = { 'data-live-chat': 'id', 'data-socket': 'wss://live.example/live' };
  expect(read(socket).settings?.socket).toBe('wss://live.example/live');
});

test('a detail that is wrong is left out, and said', () => {
  const { settings, complaints } = read({
    'data-live-chat': 'id',
    'data-color': 'red;}',
    'data-position': 'top',
    'data-name': 'x'.repeat(300),
  });
  expect(settings).toMatchObject({ color: null, position: null });
  expect(settings?.name).toHaveLength(200);
  expect(complaints).toHaveLength(2);
});

test('the language is that of the tag, else of the page, else of the visitor', () => {
  const language = (tag: string, page: string, browser: string[]) =>
    read({ 'data-live-chat': 'id', 'data-language': tag }, page, browser).settings?.language;
  expect(language('ru', 'en', ['en'])).toBe('ru');
  expect(language('', 'ru-RU', ['en'])).toBe('ru');
  expect(language('', '', ['de', 'ru'])).toBe('ru');
  expect(language('', 'de', ['fr'])).toBe('en');
  expect(language('constructor', '', [])).toBe('en');
});

test('a colour is made complete, and gets the ink that can be read on it', () => {
  const color = read({ 'data-live-chat': 'id', 'data-color': '#Fd0' }).settings?.color;
  expect(color).toBe('#ffdd00');
  expect(['#ffdd00', '#4338ca', '#ffffff', '#000000'].map(inkOn)).toEqual([
    '#000000',
    '#ffffff',
    '#000000',
    '#ffffff',
  ]);
});

test('a tag without attributes is said by its address, or by the page', () => {
  const byAddress = read({}, '', [], { query: '?liveChat=id&email=Zoe%40A.example' }).settings;
  expect(byAddress).toMatchObject({ liveChatId: 'id', email: 'zoe@a.example' });
  const page = { liveChat: 'id', email: 'zoe@a.example', name: 7 };
  expect(read({}, '', [], { page }).settings).toMatchObject({ liveChatId: 'id', name: null });
  // The tag says it last.
  const both = read({ 'data-live-chat': 'tag' }, '', [], { page, query: '?liveChat=address' });
  expect(both.settings).toMatchObject({ liveChatId: 'tag', email: 'zoe@a.example' });
});

test('addresses are compared trimmed and without case', () => {
  const { settings } = read({ 'data-live-chat': 'id', 'data-email': ' Zoe@A.Example ' });
  expect(settings?.email).toBe('zoe@a.example');
  expect(visitorOf({ email: ' ZOE@a.example', name: ' Zoe ' })).toEqual({
    name: 'Zoe',
    email: 'zoe@a.example',
  });
  for (const nobody of [null, undefined, 'x', {}, { email: '' }, { email: 7 }])
    expect(visitorOf(nobody)).toEqual({ name: null, email: null });
});

test('a page can say that nobody is signed in', () => {
  const known = { 'data-live-chat': 'id', 'data-email': 'zoe@a.example', 'data-name': 'Zoe' };
  const nobody = { name: null, email: null };
  expect(read({ ...known, 'data-signed-out': '' }).settings).toMatchObject(nobody);
  expect(read({ ...known, 'data-signed-out': 'false' }).settings?.name).toBe('Zoe');
  expect(read({ 'data-live-chat': 'id', 'data-email': '' }).settings).toMatchObject(nobody);
  const page = { liveChat: 'id', email: 'zoe@a.example', signedOut: true };
  expect(read({}, '', [], { page }).settings).toMatchObject(nobody);
});
