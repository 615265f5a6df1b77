// @ts-check
// Runs the audits of the specification of GraphQL over HTTP against a running system:
//
//     node audit.mjs [URL]
//
// All audits of level MUST and SHOULD have to pass; what a MAY says is shown.

import { auditServer } from 'graphql-http';

const DEADLINE_MS = 60_000;

const origin = new URL(process.argv[2] ?? 'http://127.0.0.1:4000').origin;

/**
 * Why an audit failed, with the answer that shows it.
 * @param {import('graphql-http').AuditFail} failed
 */
async function explain({ id, name, reason, response }) {
  const answer = response.bodyUsed ? '(read)' : await response.text();
  return [
    `FAILED  ${id} ${name}`,
    `        ${reason}`,
    `        ${response.status} ${response.headers.get('content-type')} ${answer.slice(0, 400)}`,
  ].join('\n');
}

const overdue = AbortSignal.timeout(DEADLINE_MS);
const results = await auditServer({
  url: `${origin}/graphql`,
  fetchFn: (/** @type {string} */ url, /** @type {RequestInit} */ init) =>
    fetch(url, { ...init, signal: overdue }),
});

let failed = 0;
for (const result of results) {
  if (result.status === 'ok') {
    console.log(`ok      ${result.id} ${result.name}`);
    continue;
  }
  failed += result.name.startsWith('MAY') ? 0 : 1;
  console.log(await explain(result));
}
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 && results.length > 0 ? 0 : 1;
