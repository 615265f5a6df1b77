// @ts-check
// The report: one sentence a step, and how many held.

let passed = 0;
let failed = 0;

/** @param {string} title */
export function chapter(title) {
  console.log(`\n${title}`);
}

/**
 * Does one step. One that fails is told and counted, and the next one is done.
 * @param {string} sentence what holds when it is done
 * @param {() => unknown} act
 */
export async function step(sentence, act) {
  try {
    await act();
    passed += 1;
    console.log(`  ok      ${sentence}`);
  } catch (fault) {
    failed += 1;
    console.log(`  FAILED  ${sentence}`);
    console.log(
      String(fault instanceof Error ? fault.stack : fault).replaceAll(/^/gm, '          '),
    );
  }
}

/** Prints the last line. Whether all steps held. */
export function summary() {
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}
