import { expect, it } from 'vitest';
import { isSameTitle } from './title';

it.each([
  ['Order 7', 'order 7'],
  ['Order 7', ' Order  7 '],
  ['Łukasz Søren', 'lukasz soren'],
  ['José', 'jose\u0301'],
  ['don’t', "don't"],
  ['2024–003', '2024-003'],
  ['Straße', 'STRASSE'],
  ['Order\u200b 7', 'Order 7'],
])('reads %j and %j as the same', (one, other) => {
  expect(isSameTitle(one, other)).toBe(true);
});

it.each([
  ['Order 7', 'Order 77'],
  ['Order 7', 'Order'],
  ['a b', 'ab'],
  ['', 'a'],
])('tells %j from %j', (one, other) => {
  expect(isSameTitle(one, other)).toBe(false);
});
