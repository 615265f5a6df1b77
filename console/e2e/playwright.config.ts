import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

// A browser that the machine has is as good as one that is downloaded.
const installed = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Each file is a project: so it has a worker of its own, and in it a system that no other file used. */
const files = ['console', 'widget'].flatMap((page) =>
  readdirSync(new URL(page, import.meta.url))
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => `${page}/${name}`),
);

export default defineConfig({
  projects: files.map((file) => ({ name: file.replace('.spec.ts', ''), testMatch: file })),
  testDir: '.',
  // Not beside the source, whose newest file says whether the page has to be built again.
  outputDir: '../node_modules/.e2e',
  // Two share the processors while one of them waits; people who look on want one after the other.
  workers: process.env.CI === undefined ? 1 : 2,
  retries: process.env.CI === undefined ? 0 : 2,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1100, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(existsSync(installed) ? { executablePath: installed } : {}),
      args: ['--no-sandbox', '--disable-background-networking'],
    },
  },
});
