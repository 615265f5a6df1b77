// @ts-check
// Webhook channels: their paths, their secrets, how many there may be.

import * as admin from '../lib/administration.mjs';
import { equal, eventually, holds } from '../lib/expect.mjs';
import { walk } from '../lib/pages.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';
import { deliver } from '../lib/webhook.mjs';

const CHANNELS = `query ($id: ID!) {
  node(id: $id) { ... on LiveChat { channels { id kind name inboundPath } } }
}`;

const PATHS = `query ($after: String) { administration { liveChats(first: 50, after: $after) {
  nodes { channels { inboundPath } } pageInfo { hasNextPage endCursor }
} } }`;

const QUEUE = `query ($id: ID!) {
  viewer { liveChat(id: $id) { sessions(group: QUEUE, first: 100) {
    nodes { client { name } channel { id kind } preview { text } }
  } } }
}`;

const MESSAGE = { from: { id: '7', name: 'Olga' }, text: 'From elsewhere' };

const last = (/** @type {string} */ path) => path.slice(path.lastIndexOf('/') + 1);

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(origin, { Desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'] } });
  const { ada } = office.people;
  const name = office.company.named('Shop');
  const made = await ada.act(admin.CREATE_CHANNEL, { id: office.id(), name });
  await creating(office, made, name);
  await secrets(office, made);
  await many(office);
  await office.end();
}

/**
 * @param {Office} office
 * @param {any} made
 * @param {string} name
 */
async function creating(office, { channel, secret }, name) {
  const { ann, sue, ada } = office.people;
  const id = office.id();

  await step('createChannel answers the channel, with the path where a webhook posts', () => {
    equal([channel.kind, channel.name], ['WEBHOOK', name], 'the channel');
    holds(channel.inboundPath.startsWith('/channels/webhook/'), channel.inboundPath);
  });

  await step('createChannel shows the secret', () => {
    holds(secret.length >= 16, 'it is long enough not to be guessed');
  });

  await step('a message by the webhook comes by this channel', async () => {
    const message = { ...MESSAGE, messageId: 'first' };
    const answer = await deliver(office.company.origin, last(channel.inboundPath), message, secret);
    equal(answer.status, 200, 'the status');
    const found = await eventually('the session', async () => {
      const { viewer } = await sue.read(QUEUE, { id });
      /** @type {{ nodes: any[] }} */
      const { nodes } = viewer.liveChat.sessions;
      return nodes.find(({ preview }) => preview.text === MESSAGE.text);
    });
    equal(
      [found.client.name, found.channel],
      ['Olga', { id: channel.id, kind: 'WEBHOOK' }],
      'by whom, by what',
    );
  });

  await step('inboundPath is for administrators', async () => {
    const paths = async (/** @type {import('../lib/person.mjs').Person} */ who) =>
      (await who.read(CHANNELS, { id })).node.channels.find(
        (/** @type {any} */ one) => one.id === channel.id,
      )?.inboundPath;
    equal(await paths(ada), channel.inboundPath, 'ada reads it');
    equal([await paths(ann), await paths(sue)], [null, null], 'nobody else');
  });

  await step('inboundPath is null for what is no webhook', async () => {
    const { node } = await ada.read(CHANNELS, { id });
    for (const { kind, inboundPath } of node.channels) {
      equal(inboundPath !== null, kind === 'WEBHOOK', kind);
    }
  });

  await step('a channel of a kind that is not served yet is INVALID', async () => {
    const document = `mutation ($id: ID!) {
      createChannel(liveChatId: $id, kind: TELEGRAM, name: "T") {
        channel { id } userErrors { code field }
      }
    }`;
    const expected = { code: 'INVALID', field: ['kind'] };
    equal(await ada.refusal(document, { id }), expected, 'the refusal');
  });

  await step('the secret is shown this once: no field of a channel has it', async () => {
    const { __type } = await ada.read('{ __type(name: "Channel") { fields { name } } }');
    const names = __type.fields.map((/** @type {any} */ field) => field.name);
    holds(!names.some((/** @type {string} */ one) => /secret/i.test(one)), names.join());
  });
}

/**
 * @param {Office} office
 * @param {any} made
 */
async function secrets(office, { channel, secret: first }) {
  const { ada } = office.people;
  const path = last(channel.inboundPath);
  const status = async (/** @type {string} */ secret) => {
    const message = { ...MESSAGE, messageId: crypto.randomUUID() };
    return (await deliver(office.company.origin, path, message, secret)).status;
  };
  let second = '';

  await step('a message that is signed with another secret is refused', async () => {
    equal(await status('another'), 401, 'the status');
  });

  await step('rotateChannelSecret gives another secret, and keeps the path', async () => {
    const rotated = await ada.act(admin.ROTATE, { id: channel.id });
    second = rotated.secret;
    holds(typeof second === 'string' && second !== first, 'it is another');
    equal(rotated.channel, { id: channel.id, inboundPath: channel.inboundPath }, 'the channel');
  });

  await step('the new secret is good', async () => {
    await eventually('a message is accepted', async () => (await status(second)) === 200);
  });

  await step('the old secret is no good any more', async () => {
    equal(await status(first), 401, 'the status');
  });

  await step('rotating again gives yet another', async () => {
    const { secret } = await ada.act(admin.ROTATE, { id: channel.id });
    holds(secret !== first && secret !== second, 'it is another');
    await eventually('a message is accepted', async () => (await status(secret)) === 200);
    equal(await status(second), 401, 'the status with the one before');
  });
}

/** @param {Office} office */
async function many(office) {
  const { ada } = office.people;
  const id = await office.company.add('Many');

  await step('a live chat has at most 100 channels, then LIMIT', async () => {
    for (let count = 2; count < 100; count += 7) {
      await Promise.all(
        Array.from({ length: Math.min(7, 100 - count) }, () =>
          ada.act(admin.CREATE_CHANNEL, { id, name: 'Hook' }),
        ),
      );
    }
    await ada.refused('LIMIT', admin.CREATE_CHANNEL, { id, name: 'One more' });
    const { node } = await ada.read(CHANNELS, { id });
    equal(node.channels.length, 100, 'how many there are');
  });

  await step('the last part of inboundPath is unique', async () => {
    const { nodes } = await walk(
      async (after) => (await ada.read(PATHS, { after })).administration.liveChats,
    );
    const paths = nodes
      .flatMap(({ channels }) => channels)
      .flatMap((/** @type {any} */ { inboundPath }) => (inboundPath ? [last(inboundPath)] : []));
    equal(new Set(paths).size, paths.length, 'how many different ones');
    holds(paths.length > 98, 'there are many');
  });
}
