import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type SelectionSetNode,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import * as generated from '../generated/graphql';

const schema = buildSchema(
  readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8'),
);

const documents = Object.entries(generated).filter(
  (entry): entry is [string, DocumentNode] =>
    entry[0].endsWith('Doc') || entry[0].endsWith('Document'),
);

const fieldsOf = (set: SelectionSetNode) =>
  set.selections.flatMap((node) => (node.kind === Kind.FIELD ? [node.name.value] : []));

/** Finds the places where a document selects versioned fields without the version. */
function unversioned(document: DocumentNode): string[] {
  const found: string[] = [];
  const info = new TypeInfo(schema);
  const check = (set: SelectionSetNode) => {
    const type = getNamedType(info.getParentType());
    if (type?.name !== 'Session' && type?.name !== 'Counters') return;
    const fields = fieldsOf(set).filter((name) => name !== '__typename');
    const facts = fields.filter((name) => name !== 'id' && name !== 'version');
    if (facts.length === 0 || (fields.includes('id') && fields.includes('version'))) return;
    found.push(`${type.name}: ${facts.join(', ')}`);
  };
  visit(document, visitWithTypeInfo(info, { SelectionSet: check }));
  return found;
}

describe('the documents of the page', () => {
  it('are found', () => {
    expect(documents.length).toBeGreaterThan(5);
  });

  it.each(documents)('%s reads sessions and counters with id and version', (_, document) => {
    expect(unversioned(document)).toEqual([]);
  });
});
