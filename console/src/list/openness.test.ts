import { expect, it } from 'vitest';
import { isOpenAtFirst, parseChanged } from './openness';

it('begins with what is short and urgent, and for supervisors with all that is open', () => {
  const groups = ['ACTIVE', 'QUEUE', 'MY', 'CLOSED'] as const;
  const open = (...roles: ('OPERATOR' | 'SUPERVISOR')[]) =>
    groups.filter((group) => isOpenAtFirst(group, roles));
  expect(open('OPERATOR')).toEqual(['QUEUE', 'MY']);
  expect(open('OPERATOR', 'SUPERVISOR')).toEqual(['QUEUE', 'MY']);
  expect(open('SUPERVISOR')).toEqual(['ACTIVE', 'QUEUE', 'MY']);
});

it('takes of what was remembered what makes sense', () => {
  expect(parseChanged('{"a":true,"b":false,"c":1}')).toEqual({ a: true, b: false });
  expect(parseChanged('nonsense')).toEqual({});
  expect(parseChanged('null')).toEqual({});
  expect(parseChanged(undefined)).toEqual({});
});
