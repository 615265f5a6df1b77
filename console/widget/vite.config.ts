import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vite';

/** The most bytes that a page with the widget loads, compressed. */
const MOST_BYTES = 40 * 1024;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The page of the demo shop is put beside the script as it is. */
function demoPage(): Plugin {
  return {
    name: 'demo-page',
    generateBundle() {
      const source = readFileSync(here('demo.html'), 'utf8');
      this.emitFile({ type: 'asset', fileName: 'demo.html', source });
    },
  };
}

/** Writes the documents for machines: their lines and indents are for people. */
function compact(): Plugin {
  const compacted = (document: string) => document.replace(/\s+/g, ' ');
  return {
    name: 'compact',
    transform: {
      filter: { id: /generated\/operations\.ts$/ },
      handler: (code) => ({
        code: code.replace(/`\s*(fragment|query|mutation|subscription) [^`]*`/g, compacted),
        map: null,
      }),
    },
  };
}

/** Fails the build when the script has become too large, or is more than one file. */
function bounded(): Plugin {
  return {
    name: 'bounded',
    writeBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const [script] = chunks;
      if (script === undefined || chunks.length > 1) this.error('It must be one script.');
      const bytes = gzipSync(script.code, { level: 9 }).length;
      const said = `${script.fileName}: ${bytes} bytes gzipped, at most ${MOST_BYTES}`;
      if (bytes > MOST_BYTES) this.error(said);
      this.info(said);
    },
  };
}

export default defineConfig({
  root: here('.'),
  cacheDir: here('../node_modules/.vite-widget'),
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [demoPage(), compact(), bounded()],
  build: {
    target: 'es2022',
    outDir: here('../dist'),
    // The operators' page is built into the same folder.
    emptyOutDir: false,
    lib: {
      entry: here('src/main.ts'),
      formats: ['iife'],
      name: 'chatWidget',
      fileName: () => 'widget.js',
    },
  },
  test: { include: ['src/**/*.test.ts'] },
});
