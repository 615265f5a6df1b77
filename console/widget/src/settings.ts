import { isLanguage, type Language } from './text';

/** The checked settings of the script tag. */
export interface Settings {
  readonly liveChatId: string;
  /** The address under which `/graphql` and `/widget/token` are. */
  readonly api: string;
  /** The address of the socket. */
  readonly socket: string;
  readonly language: Language;
  /**
   * The visitor's name and address, if the page gives them. Addresses are compared trimmed and
   * without case.
   */
  readonly name: string | null;
  readonly email: string | null;
  /** The side of the window; null is the end of a line of the page. */
  readonly position: 'left' | 'right' | null;
  /** Six hexadecimal digits after `#`. */
  readonly color: string | null;
  readonly hasSound: boolean;
}

/** The surroundings of the tag, which give the values that it lacks. */
export interface Surroundings {
  readonly pageLanguage: string;
  readonly browserLanguages: readonly string[];
  /** The content of `window.chatDeskSettings`, for pages whose tags may have no attributes. */
  readonly page?: Readonly<Record<string, unknown>> | undefined;
  /** Says what is wrong with the tag, to whoever wrote it. */
  readonly complain: (message: string) => void;
}

const LONGEST_NAME = 200;

/** Reads the script tag; null when it cannot work at all. A wrong detail is left out. */
export function readSettings(script: HTMLScriptElement, around: Surroundings): Settings | null {
  const source = new URL(script.src, location.href);
  const attribute = (name: string) => {
    const key = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const said = [around.page?.[key], source.searchParams.get(key)].find(isText);
    return text(script.getAttribute(`data-${name}`) ?? said ?? null);
  };
  const wrong = (name: string, why: string) => {
    around.complain(`data-${name}: ${why}`);
  };
  const liveChatId = attribute('live-chat');
  if (liveChatId === null) {
    wrong('live-chat', 'the id of the live chat is missing, so there is no chat on this page.');
    return null;
  }
  const api = address(attribute('api') ?? source.origin, /^https?:$/);
  if (api === null) {
    wrong('api', 'this is not an http(s) address, so there is no chat on this page.');
    return null;
  }
  const socket = address(
    attribute('socket') ?? `${api.replace(/^http/, 'ws')}/graphql`,
    /^(wss?|https?):$/,
  );
  if (socket === null) wrong('socket', 'this is not a wss address.');
  const color = attribute('color');
  if (color !== null && hexColor(color) === null) wrong('color', 'write it as #rrggbb.');
  const position = attribute('position');
  if (position !== null && !isSide(position)) wrong('position', 'it can be left or right.');
  return {
    liveChatId,
    api,
    socket: (socket ?? `${api}/graphql`).replace(/^http/, 'ws'),
    language: language(attribute('language'), around),
    ...visitor(attribute, isSignedOut(script, around)),
    position: isSide(position) ? position : null,
    color: hexColor(color),
    hasSound: attribute('sound') !== 'off',
  };
}

/** Tells whether the page says that nobody is signed in; that outweighs a name and an address. */
function isSignedOut(script: HTMLScriptElement, around: Surroundings): boolean {
  const said = script.getAttribute('data-signed-out');
  if (said !== null) return said.trim() !== 'false';
  return around.page?.signedOut === true;
}

/** Reads the visitor from the tag or the page's settings. */
function visitor(said: (name: string) => string | null, isNobody: boolean): Visitor {
  if (isNobody) return NOBODY;
  return { name: short(said('name')), email: addressOf(said('email')) };
}

/** A visitor as the page knows them. */
export interface Visitor {
  readonly name: string | null;
  readonly email: string | null;
}

/** Nobody who is known. */
export const NOBODY: Visitor = { name: null, email: null };

/** Reads the visitor that a page passes to `identify`, by the rules of the tag. */
export function visitorOf(said: unknown): Visitor {
  if (typeof said !== 'object' || said === null) return NOBODY;
  const { name, email } = said as Record<string, unknown>;
  const known = (value: unknown) => (isText(value) ? text(value) : null);
  return { name: short(known(name)), email: addressOf(known(email)) };
}

/** An address as it is compared. */
function addressOf(email: string | null): string | null {
  return short(email)?.toLowerCase() ?? null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Returns the value of an attribute. An empty one counts as missing. */
function text(attribute: string | null): string | null {
  const trimmed = attribute?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

function address(text: string, scheme: RegExp): string | null {
  try {
    const url = new URL(text, location.href);
    return scheme.test(url.protocol) ? url.href.replace(/\/+$/, '') : null;
  } catch {
    return null;
  }
}

function isSide(text: string | null): text is 'left' | 'right' {
  return text === 'left' || text === 'right';
}

function hexColor(text: string | null): string | null {
  if (text === null) return null;
  if (/^#[0-9a-f]{3}$/i.test(text)) return text.replace(/[0-9a-f]/gi, '$&$&').toLowerCase();
  return /^#[0-9a-f]{6}$/i.test(text) ? text.toLowerCase() : null;
}

function short(text: string | null): string | null {
  return text === null ? null : Array.from(text).slice(0, LONGEST_NAME).join('');
}

/** The language asked for, else the page's, else the first of the visitor's that there is. */
function language(asked: string | null, around: Surroundings): Language {
  const wanted = [asked ?? '', around.pageLanguage, ...around.browserLanguages];
  const primary = wanted.map((tag) => tag.toLowerCase().split('-')[0] ?? '');
  return primary.find(isLanguage) ?? 'en';
}
