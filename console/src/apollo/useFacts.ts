import type { FragmentType, TypedDocumentNode } from '@apollo/client';
import { useFragment } from '@apollo/client/react';
import { Kind } from 'graphql';

/**
 * Reads the fields that a component's own fragment selects of an object. Returns `undefined` while
 * the cache does not have all of them. The component renders again only when one of these fields
 * changes.
 *
 *     const facts = useFacts(FRAGMENT, session);
 */
export function useFacts<D>(fragment: TypedDocumentNode<D>, from: FragmentType<D>): D | undefined {
  const definition = fragment.definitions[0];
  const result = useFragment({
    fragment,
    ...(definition?.kind === Kind.FRAGMENT_DEFINITION && { fragmentName: definition.name.value }),
    from,
  });
  return result.complete ? (result.data as D) : undefined;
}
