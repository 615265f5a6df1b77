import { expect, it } from 'vitest';
import type { UserErrorCode } from '../generated/graphql';
import { sayRefusal } from './refusal';

it('says who was quicker', () => {
  const refusal = { code: 'ALREADY_CLAIMED', message: '' } as const;
  expect(sayRefusal(refusal, { name: 'Bob' })).toEqual({
    key: 'error.claimedBy',
    values: { name: 'Bob' },
  });
  expect(sayRefusal(refusal, null)).toEqual({ key: 'error.claimed' });
});

it('says who is offline', () => {
  const refusal = { code: 'OPERATOR_OFFLINE', message: '' } as const;
  expect(sayRefusal({ ...refusal, field: null }).key).toBe('error.offline');
  expect(sayRefusal({ ...refusal, field: ['employeeId'] }).key).toBe('error.assigneeOffline');
});

it('meets codes that it does not know', () => {
  const refusal = { code: 'TIRED' as UserErrorCode, message: 'The desk sleeps.' };
  expect(sayRefusal(refusal)).toEqual({
    key: 'error.unknown',
    values: { message: 'The desk sleeps.' },
  });
});
