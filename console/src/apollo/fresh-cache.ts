import { gql, InMemoryCache, type Cache, type DocumentNode, type Reference } from '@apollo/client';
import {
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { isTree, overlay } from './overlay';

type Variables = Record<string, unknown>;

interface Write {
  fragments: FragmentDefinitionNode[];
  variables: Variables | undefined;
  /** The ids of the sessions that it brings something of. */
  sessions: Set<string>;
}

type SessionListener = (ids: ReadonlySet<string>) => void;

const VERSION_OF = {
  Session: gql`
    fragment SessionVersion on Session {
      version
    }
  `,
  Counters: gql`
    fragment CountersVersion on Counters {
      version
    }
  `,
} as const satisfies Record<string, DocumentNode>;

/**
 * A cache in which nothing becomes older: an answer and a push may overtake each other, so of
 * what carries a `version` the greater is kept, whoever writes it.
 */
export class FreshCache extends InMemoryCache {
  readonly #listeners = new Set<SessionListener>();

  /**
   * Tells of sessions that something was written of, after it was taken: by a push, by the answer
   * to an act, by a page. Those who keep lists need not know all who write.
   */
  onSessions(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  override write(options: Cache.WriteOptions): Reference | undefined {
    const definitions = options.query.definitions;
    const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    const root = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
    const selections = (root ?? fragments[0])?.selectionSet;
    if (selections === undefined) return super.write(options);
    const write: Write = { fragments, variables: options.variables, sessions: new Set() };
    const result: unknown = this.#freshen(options.result, [selections], write);
    const written = super.write({ ...options, result });
    if (write.sessions.size > 0) {
      this.#listeners.forEach((listener) => {
        listener(write.sessions);
      });
    }
    return written;
  }

  #freshen(value: unknown, selections: SelectionSetNode[], write: Write): unknown {
    if (Array.isArray(value)) {
      return value.map((entry) => this.#freshen(entry, selections, write));
    }
    if (!isTree(value)) return value;
    if (value.__typename === 'Session' && typeof value.id === 'string') {
      write.sessions.add(value.id);
    }
    const fields = this.#fields(selections, value.__typename, write);
    const fresh: Record<string, unknown> = {};
    for (const [key, child] of Object.entries(value)) {
      const below = fields.get(key);
      fresh[key] = below === undefined ? child : this.#freshen(child, below, write);
    }
    const newer = this.#newer(value, selections, write);
    return newer === undefined ? fresh : overlay(fresh, newer);
  }

  /**
   * Returns the object as the cache has it in a newer version, in the shape of these selections.
   */
  #newer(value: Record<string, unknown>, selections: SelectionSetNode[], write: Write): unknown {
    const { __typename: type, version } = value;
    if (typeof version !== 'string' || (type !== 'Session' && type !== 'Counters'))
      return undefined;
    const id = this.identify({ __typename: type, id: value.id as string });
    if (id === undefined) return undefined;
    const kept = this.readFragment<{ version: string }>({ id, fragment: VERSION_OF[type] });
    if (kept === null || kept.version <= version) return undefined;
    return this.readFragment({
      id,
      fragment: asFragment(type, selections, write.fragments),
      fragmentName: 'Newer',
      variables: write.variables ?? {},
      returnPartialData: true,
    });
  }

  /** The selections below each key of a result. */
  #fields(
    selections: SelectionSetNode[],
    type: unknown,
    write: Write,
    found = new Map<string, SelectionSetNode[]>(),
  ): Map<string, SelectionSetNode[]> {
    for (const selection of selections.flatMap((set) => set.selections)) {
      if (selection.kind === Kind.FIELD) add(found, selection);
      else this.#descend(selection, type, write, found);
    }
    return found;
  }

  #descend(
    selection: Exclude<SelectionNode, FieldNode>,
    type: unknown,
    write: Write,
    found: Map<string, SelectionSetNode[]>,
  ): void {
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : write.fragments.find((node) => node.name.value === selection.name.value);
    if (fragment === undefined) return;
    if (typeof type === 'string' && !this.policies.fragmentMatches(fragment, type)) return;
    this.#fields([fragment.selectionSet], type, write, found);
  }
}

function add(found: Map<string, SelectionSetNode[]>, field: FieldNode): void {
  if (field.selectionSet === undefined) return;
  const key = (field.alias ?? field.name).value;
  found.set(key, [...(found.get(key) ?? []), field.selectionSet]);
}

function asFragment(
  type: string,
  selections: SelectionSetNode[],
  fragments: FragmentDefinitionNode[],
): DocumentNode {
  const newer: FragmentDefinitionNode = {
    kind: Kind.FRAGMENT_DEFINITION,
    name: { kind: Kind.NAME, value: 'Newer' },
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: selections.flatMap((set) => set.selections),
    },
  };
  return { kind: Kind.DOCUMENT, definitions: [newer, ...fragments] };
}
