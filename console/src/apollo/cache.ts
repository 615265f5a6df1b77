import type { TypePolicies } from '@apollo/client';
import { DIALOG_POLICIES } from '../dialog/policies';
import possible from '../generated/possibleTypes';
import { LIST_POLICIES } from '../list/documents';
import { FreshCache } from './fresh-cache';

/** The rules for lists and objects without an id. Each rule stands beside its feature. */
const typePolicies: TypePolicies = {};

export function createCache(): FreshCache {
  const cache = new FreshCache({ possibleTypes: possible.possibleTypes, typePolicies });
  cache.policies.addTypePolicies(DIALOG_POLICIES);
  cache.policies.addTypePolicies(LIST_POLICIES);
  return cache;
}
