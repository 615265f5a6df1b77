import { ServerError } from '@apollo/client';
import { expect, it } from 'vitest';
import { codeOf } from './code';

const answered = (status: number) =>
  new ServerError('', { response: new Response(null, { status }), bodyText: '' });

it('tells what passes from what would be answered the same again', () => {
  const codes = [400, 413, 401, 429, 403, 502, 503].map((status) => codeOf(answered(status)));
  expect(codes).toEqual([
    'BAD_USER_INPUT',
    'BAD_USER_INPUT',
    'UNAUTHENTICATED',
    'RATE_LIMITED',
    'UNAVAILABLE',
    'UNAVAILABLE',
    'UNAVAILABLE',
  ]);
  expect(codeOf(new TypeError('Failed to fetch'))).toBe('NETWORK');
});
