// @ts-check
// The schema as it is served, against the contract that clients are written against.

import { readFile } from 'node:fs/promises';

import {
  buildClientSchema,
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  parse,
  print,
} from 'graphql';

import { equal, holds } from '../lib/expect.mjs';
import { Person } from '../lib/person.mjs';
import { step } from '../lib/steps.mjs';

const CONTRACT = new URL('../../chapter/contract.graphql', import.meta.url);

/** @type {Record<string, (type: any) => boolean>} */
const KINDS = {
  ObjectTypeDefinition: isObjectType,
  InterfaceTypeDefinition: isInterfaceType,
  EnumTypeDefinition: isEnumType,
  InputObjectTypeDefinition: isInputObjectType,
};

/** @param {string} origin */
export async function play(origin) {
  const ann = await Person.arrive(origin, 'ann');
  const schema = buildClientSchema(await ann.read(getIntrospectionQuery()));
  const contract = parse(await readFile(CONTRACT, 'utf8'));
  /** @type {any[]} */
  const definitions = [...contract.definitions];
  await names(schema, definitions);
  await connections(schema, definitions);
  await payloads(schema);
  await descriptions(schema);
}

/**
 * Every name and argument of the contract is served.
 * @param {import('graphql').GraphQLSchema} schema
 * @param {any[]} definitions
 */
async function names(schema, definitions) {
  await step('every type of the contract is served, and of the same kind', () => {
    for (const { kind, name } of definitions) {
      const is = KINDS[kind] ?? (() => true);
      holds(is(schema.getType(name.value)), `${name.value} is served, as ${kind}`);
    }
    holds(definitions.length > 60, 'the contract was read');
  });

  await step('every field of the contract is served, with its type', () => {
    each(schema, definitions, (type, field, served) => {
      equal(String(served?.type), print(field.type), `the type of ${type}.${field.name.value}`);
    });
  });

  await step('every argument of the contract is served, with its type', () => {
    each(schema, definitions, (type, field, served) => {
      for (const argument of field.arguments ?? []) {
        const there = served?.args.find(
          (/** @type {any} */ one) => one.name === argument.name.value,
        );
        const where = `${type}.${field.name.value}(${argument.name.value})`;
        equal(String(there?.type), print(argument.type), `the type of ${where}`);
      }
    });
  });

  await step('what is served beyond the contract does not have to be given', () => {
    each(schema, definitions, (type, field, served) => {
      const known = (field.arguments ?? []).map((/** @type {any} */ { name }) => name.value);
      for (const { name, type: of, defaultValue } of served?.args ?? []) {
        const optional = !isNonNullType(of) || defaultValue !== undefined;
        holds(known.includes(name) || optional, `${type}.${field.name.value}(${name}) is optional`);
      }
    });
  });

  await step('every value of every enum of the contract is served', () => {
    for (const { kind, name, values } of definitions) {
      if (kind !== 'EnumTypeDefinition') continue;
      const served = /** @type {any} */ (schema.getType(name.value)).getValues();
      const known = served.map((/** @type {any} */ one) => one.name);
      for (const value of values) holds(known.includes(value.name.value), print(value));
    }
  });

  await step('every interface of the contract is implemented by whom it says', () => {
    for (const { kind, name, interfaces } of definitions) {
      if (kind !== 'ObjectTypeDefinition') continue;
      const served = /** @type {any} */ (schema.getType(name.value)).getInterfaces().map(String);
      for (const one of interfaces) holds(served.includes(one.name.value), `${name.value}, ${one}`);
    }
  });
}

/**
 * @param {import('graphql').GraphQLSchema} schema
 * @param {any[]} definitions
 * @param {(type: string, field: any, served: any) => void} check
 */
function each(schema, definitions, check) {
  for (const { name, fields } of definitions) {
    const type = /** @type {any} */ (schema.getType(name.value));
    for (const field of fields ?? []) {
      check(name.value, field, type?.getFields()[field.name.value]);
    }
  }
}

/**
 * @param {import('graphql').GraphQLSchema} schema
 * @param {any[]} definitions
 */
async function connections(schema, definitions) {
  const named = new Set(
    definitions
      .flatMap(({ fields }) => fields ?? [])
      .map(({ type }) => print(type).replaceAll(/[[\]!]/g, ''))
      .filter((name) => name.endsWith('Connection')),
  );

  await step('connections are Relay’s: edges and nodes are [T!]!, and there is page info', () => {
    holds(named.size >= 8, 'the contract names connections');
    for (const name of named) {
      const { edges, nodes, pageInfo } = /** @type {any} */ (schema.getType(name)).getFields();
      equal(String(pageInfo?.type), 'PageInfo!', `${name}.pageInfo`);
      const edge = String(edges?.type).replaceAll(/[[\]!]/g, '');
      equal(String(edges?.type), `[${edge}!]!`, `${name}.edges`);
      const { cursor, node } = /** @type {any} */ (schema.getType(edge)).getFields();
      equal(String(cursor?.type), 'String!', `${edge}.cursor`);
      equal(String(nodes?.type), `[${node?.type}]!`, `${name}.nodes`);
    }
  });

  await step('page info is Relay’s', () => {
    const fields = /** @type {any} */ (schema.getType('PageInfo')).getFields();
    equal(
      ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'].map((name) =>
        String(fields[name]?.type),
      ),
      ['Boolean!', 'Boolean!', 'String', 'String'],
      'the types of its fields',
    );
  });
}

/** @param {import('graphql').GraphQLSchema} schema */
async function payloads(schema) {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

  await step('every payload has its own type', () => {
    const types = mutations.map(({ type }) => String(type));
    equal(new Set(types).size, types.length, 'how many different payloads');
    for (const { name, type } of mutations) {
      equal(String(type), `${name[0].toUpperCase()}${name.slice(1)}Payload!`, name);
    }
  });

  await step('all objects of payloads are nullable, and each has userErrors', () => {
    for (const { type } of mutations) {
      const payload = /** @type {any} */ (schema.getType(String(type).slice(0, -1)));
      for (const { name, type: of } of /** @type {any[]} */ (Object.values(payload.getFields()))) {
        if (name !== 'userErrors') holds(!isNonNullType(of), `${payload.name}.${name} is nullable`);
      }
      equal(String(payload.getFields().userErrors?.type), '[UserError!]!', payload.name);
    }
  });
}

/** @param {import('graphql').GraphQLSchema} schema */
async function descriptions(schema) {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const fields = types.flatMap((type) =>
    'getFields' in type
      ? Object.values(type.getFields()).map((field) => ({
          at: `${type.name}.${field.name}`,
          field,
        }))
      : [],
  );

  await step('every type has a description', () => {
    described(types.map((type) => [type.name, type.description]));
  });

  await step('every field has a description', () => {
    described(fields.map(({ at, field }) => [at, field.description]));
  });

  await step('every argument has a description', () => {
    described(
      fields.flatMap(({ at, field }) =>
        /** @type {any[]} */ ('args' in field ? field.args : []).map(({ name, description }) => [
          `${at}(${name})`,
          description,
        ]),
      ),
    );
  });

  await step('every enum value has a description', () => {
    described(
      types
        .filter(isEnumType)
        .flatMap((type) =>
          type.getValues().map(({ name, description }) => [`${type.name}.${name}`, description]),
        ),
    );
  });
}

/** @param {(readonly [string, string | null | undefined])[]} things */
function described(things) {
  holds(things.length > 0, 'there is something to describe');
  const bare = things.filter(([, text]) => !text?.trim()).map(([name]) => name);
  equal(bare, [], 'what has no description');
}
