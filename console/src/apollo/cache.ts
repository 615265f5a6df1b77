import type { TypePolicies } from '@apollo/client';
import { DIALOG_POLICIES } from '../dialog/policies';
import possible from '../generated/possibleTypes';
import { LIST_POLICIES } from '../list/documents';
import { FreshCache } from './fresh-cache';

/** How lists and objects without an id are kept. Each rule stands beside the feature it is of. */
const typePolicies: TypePolicies = {};

export function createCache(): FreshCache {
  const cache = new FreshCache({ possibleTypes: possible.possibleTypes, typePolicies });
  cache.policies.addTypePolicies(DIALOG_POLICIES);
  cache.policies.addTypePolicies(LIST_POLICIES);
  return cache;
}
