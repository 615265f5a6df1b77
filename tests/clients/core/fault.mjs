// @ts-check
// How errors beside the data look.

import { equal, holds } from '../lib/expect.mjs';
import { deep } from '../lib/faults.mjs';
import { Person } from '../lib/person.mjs';
import { request } from '../lib/request.mjs';
import { step } from '../lib/steps.mjs';

/** @param {string} origin */
export async function play(origin) {
  const ann = await Person.arrive(origin, 'ann');
  /** @type {[string, string, string][]} */
  const rows = [
    ['a document that cannot be read', '{ viewer { ', 'BAD_USER_INPUT'],
    ['an unknown field', '{ viewer { nothing } }', 'BAD_USER_INPUT'],
    [
      'an unknown argument',
      '{ viewer { sessions(first: 1, that: 2) { nodes { id } } } }',
      'BAD_USER_INPUT',
    ],
    [
      'a value of the wrong type',
      '{ viewer { sessions(first: "one") { nodes { id } } } }',
      'BAD_USER_INPUT',
    ],
    [
      'an unknown enum value',
      'mutation { setPresence(presence: AWAY) { employee { id } } }',
      'BAD_USER_INPUT',
    ],
    ['a missing argument', '{ node { id } }', 'BAD_USER_INPUT'],
    ['a forbidden field', '{ administration { apps { id } } }', 'FORBIDDEN'],
    ['a bound that is passed', deep(20), 'TOO_COMPLEX'],
  ];
  for (const [what, query, code] of rows) {
    await step(`${what} is ${code}, with a requestId`, async () => {
      const { errors = [] } = await request(origin, ann.token, query);
      // The same fault may be told twice.
      const codes = new Set(errors.map((one) => one.extensions?.code));
      equal([...codes], [code], 'the codes');
      const id = errors[0].extensions?.requestId;
      holds(typeof id === 'string' && id.length > 0, 'there is a requestId');
    });
  }

  await step('without a token, or with a false one, all is UNAUTHENTICATED', async () => {
    for (const token of [undefined, 'false', `${ann.token}x`]) {
      const { errors = [], data } = await request(origin, token, '{ viewer { id } }');
      equal([errors[0]?.extensions?.code, data ?? null], ['UNAUTHENTICATED', null], 'the answer');
    }
  });

  await step('each request has a requestId of its own', async () => {
    const ids = await Promise.all(
      [1, 2, 3].map(async () => {
        const { errors = [] } = await request(origin, ann.token, '{ nothing }');
        return errors[0].extensions?.requestId;
      }),
    );
    equal(new Set(ids).size, 3, 'how many different ones');
  });
}
