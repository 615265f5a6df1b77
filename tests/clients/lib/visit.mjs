// @ts-check
// A client of the widget, beside their session.

/** @typedef {import('./scene.mjs').Scene} Scene */

/** What a client sees. */
const CONVERSATION = `{ conversation { messages(last: 100) { nodes {
  id seq text author { name viewerIsAuthor } replyTo { id seq text }
} } } }`;

/**
 * A client of the widget, who reads what comes back, with their session in the queue.
 * @param {Scene} scene
 * @param {string} name
 */
export async function visit(scene, name) {
  const client = await scene.company.visitor(name);
  await client.post('Good morning');
  const [{ id }] = await scene.found(scene.people.sue, [client]);
  const reads = async () => (await scene.ask(client, CONVERSATION)).conversation.messages.nodes;
  return { client, id, reads };
}
