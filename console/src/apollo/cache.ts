import type { TypePolicies } from '@apollo/client';
import possible from '../generated/possibleTypes';
import { FreshCache } from './fresh-cache';

/** How lists and objects without an id are kept. Each rule stands beside the feature it is of. */
const typePolicies: TypePolicies = {};

export function createCache(): FreshCache {
  return new FreshCache({ possibleTypes: possible.possibleTypes, typePolicies });
}
