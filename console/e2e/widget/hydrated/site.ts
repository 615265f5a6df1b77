import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { build } from 'vite';
import type { Shop as Site } from '../../system';
import { Shop } from './Shop';

/** Versions of React that hydrate whole documents, and the packages that are them. */
export const VERSIONS = { 18: ['react-18', 'react-dom-18'], 19: ['react', 'react-dom'] } as const;

export type Version = keyof typeof VERSIONS;

const scripts = new Map<Version, Promise<string>>();

/** Builds the page's script with a version of React, once. */
function scriptOf(version: Version): Promise<string> {
  const known = scripts.get(version) ?? bundle(version);
  scripts.set(version, known);
  return known;
}

async function bundle(version: Version): Promise<string> {
  const [react, dom] = VERSIONS[version];
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('.', import.meta.url)),
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: {
      alias: [
        { find: /^react-dom(?=\/|$)/, replacement: dom },
        { find: /^react(?=\/|$)/, replacement: react },
      ],
    },
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL('hydrate.ts', import.meta.url)),
        formats: ['iife'],
        name: 'shop',
      },
    },
  });
  const output = [built].flat()[0];
  if (output === undefined || !('output' in output)) throw new Error('the page has no script');
  return output.output[0].code;
}

interface Wish {
  readonly version: Version;
  readonly tag: Record<string, string>;
  readonly goods?: number;
  /** True when the page waits for `window.hydrate()`. */
  readonly isLate?: boolean;
}

/** Puts a page on the site that is rendered on the server and hydrates its document. */
export async function putHydrated(site: Site, wish: Wish): Promise<string> {
  const { version, goods = 3, isLate = false } = wish;
  const path = `/hydrate-${version}.js`;
  site.putFile(path, 'text/javascript', await scriptOf(version));
  // A browser asks for it while there is no document.
  site.putFile('/favicon.ico', 'image/x-icon', '');
  const tag = Object.fromEntries(
    Object.entries(wish.tag).map(([name, value]) => [`data-${name}`, value]),
  );
  const script = path + (isLate ? '?late' : '');
  const page = renderToString(createElement(Shop, { tag, script, goods }));
  return site.putFile(`/shop-${randomUUID()}`, 'text/html', `<!doctype html>${page}`);
}
