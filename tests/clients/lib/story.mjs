// @ts-check
// A client who came three times.

/** @typedef {import('./scene.mjs').Scene} Scene */
/** @typedef {import('./scene.mjs').Case} Case */
/** @typedef {{ first: Case, second: Case, third: Case, entries: any[] }} Story three sessions of a client, and the dialog of the last */

/**
 * Ann has the first session, nobody the second, and the third waits.
 * @param {Scene} scene
 * @returns {Promise<Story>}
 */
export async function tell(scene) {
  const { ann, sue } = scene.people;
  const first = await scene.assigned(ann);
  await scene.send(ann, first.id, 'Good morning to you');
  await scene.note(ann, first.id, 'Kind');
  await first.write('Thank you');
  await scene.act(ann, 'closeSession', { sessionId: first.id });
  await first.write('Me again');
  const [second] = await scene.found(sue, [first]);
  await scene.act(sue, 'closeSession', { sessionId: second.id });
  await first.write('And again');
  await first.write('Hello?');
  const [third] = await scene.found(sue, [first]);
  await scene.note(sue, third.id, 'Who takes it?');
  return { first, second, third, entries: await scene.dialog(sue, third.id) };
}
