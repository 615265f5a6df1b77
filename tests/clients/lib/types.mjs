// @ts-check
// The compiler checks the calls to Telegram against the types of grammY.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const COMPILER = fileURLToPath(import.meta.resolve('typescript/lib/tsc.js'));
const OPTIONS = [
  ['--noEmit', '--strict', '--skipLibCheck', '--allowJs', '--checkJs'],
  ['--module', 'nodenext', '--target', 'es2022'],
].flat();

/**
 * Compiles the calls, as they were sent, and the updates that a test made. Fails with what the
 * compiler says: of a member that is missing, of another type, or that the types do not have.
 * @param {{ method: string, parameters: unknown }[]} calls
 */
export async function check(calls) {
  const lines = calls.map(
    ({ method, parameters }) =>
      `(${JSON.stringify(parameters)}) satisfies Parameters<ApiMethods<never>['${method}']>[0];`,
  );
  const source = ["import type { ApiMethods } from '@grammyjs/types';", ...lines, ''].join('\n');
  // Beside the packages, where the compiler finds them.
  const scratch = await mkdtemp(`${FOLDER}node_modules/.calls-`);
  try {
    await writeFile(`${scratch}/calls.mts`, source);
    const files = [`${scratch}/calls.mts`, `${FOLDER}lib/updates.mjs`];
    await promisify(execFile)(process.execPath, [COMPILER, ...OPTIONS, ...files], { cwd: FOLDER });
  } catch (fault) {
    const { stdout = '' } = /** @type {{ stdout?: string }} */ (fault);
    throw new Error(`${stdout || fault}\n${source}`);
  } finally {
    await rm(scratch, { recursive: true });
  }
}
