// @ts-check
// A field whose value depends on who asks starts with `viewer` or stands under Viewer: all others are
// the same for everybody who sees the object.

import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  isLeafType,
  isNonNullType,
} from 'graphql';

import { exhibit } from '../lib/exhibit.mjs';
import { equal, holds } from '../lib/expect.mjs';
import { Office } from '../lib/office.mjs';
import { step } from '../lib/steps.mjs';

/** How deep it is looked. */
const LEVELS = 3;

/** The one that the contract keeps for administrators, beside the connections of sessions. */
const EXCEPT = ['inboundPath'];

/**
 * All fields of a type that do not depend on who asks and need no argument.
 * @param {import('graphql').GraphQLSchema} schema
 * @param {any} type
 * @param {number} levels
 * @returns {string}
 */
function selection(schema, type, levels) {
  const fields = Object.values(type.getFields()).filter(
    (/** @type {any} */ { name, args }) =>
      !name.startsWith('viewer') &&
      !EXCEPT.includes(name) &&
      !args.some(
        (/** @type {any} */ argument) => isNonNullType(argument.type) || argument.name === 'first',
      ),
  );
  return fields
    .flatMap((/** @type {any} */ field) => {
      const of = /** @type {any} */ (getNamedType(field.type));
      if (isLeafType(of)) return [field.name];
      const inner = levels > 0 && 'getFields' in of ? selection(schema, of, levels - 1) : '';
      return inner ? [`${field.name} { __typename ${inner} }`] : [];
    })
    .join(' ');
}

/** @param {string} origin */
export async function play(origin) {
  const office = await Office.set(origin, {
    Desk: { ann: ['OPERATOR'], sue: ['SUPERVISOR'], dan: ['OPERATOR', 'SUPERVISOR'] },
  });
  const { ann, sue, dan, ada } = office.people;
  const { ids, entries } = await exhibit(office);
  const schema = buildClientSchema(await ann.read(getIntrospectionQuery()));
  const things = { ...ids, Note: entries.NOTE, Event: entries.EVENT, Reply: entries.OPERATOR };
  for (const [name, id] of Object.entries(things)) {
    if (name === 'Viewer' || name === 'Counters') continue;
    const type = name in ids ? name : 'Message';
    await step(`what a ${name} says is the same for everybody who sees it`, async () => {
      const fields = selection(schema, schema.getType(type), LEVELS);
      const query = `query ($id: ID!) { node(id: $id) { ... on ${type} { ${fields} } } }`;
      const { node } = await ann.read(query, { id });
      holds(node !== null && Object.keys(node).length > 1, 'ann sees it');
      for (const who of [sue, dan, ada]) {
        const other = (await who.read(query, { id })).node;
        if (other !== null || who !== ada) equal(other, node, who.as);
      }
    });
  }
  await office.end();
}
