import { expect, it } from 'vitest';
import { isOfComposition } from './composing';

it('is Enter that ends a composition, in Safari too, and no other Enter', () => {
  expect(isOfComposition({ isComposing: true, keyCode: 13 })).toBe(true);
  expect(isOfComposition({ isComposing: true, keyCode: 229 })).toBe(true);
  // Safari: after the end of the composition.
  expect(isOfComposition({ isComposing: false, keyCode: 229 })).toBe(true);
  expect(isOfComposition({ isComposing: false, keyCode: 13 })).toBe(false);
});
