import { ApolloClient, ApolloLink, gql, InMemoryCache } from '@apollo/client';
import { of } from 'rxjs';
import { expect, it } from 'vitest';
import { mending, wellFormed } from './well-formed';

const [HIGH, LOW] = ['\ud83d', '\ude42'];

it('leaves whole texts as they are, and mends halves of characters wherever they stand', () => {
  const whole = { text: 'Привет 🙂', count: 1, none: null, nothing: undefined, list: ['a'] };
  expect(wellFormed(whole)).toEqual(whole);
  expect(wellFormed({ text: `a${HIGH}`, in: { list: [`${LOW}b`, 2] } })).toEqual({
    text: 'a\ufffd',
    in: { list: ['\ufffdb', 2] },
  });
});

it('is asked before anything goes out', async () => {
  let sent: unknown;
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([
      mending(),
      new ApolloLink(({ variables }) => {
        sent = variables;
        return of({ data: { rename: true } });
      }),
    ]),
  });
  await client.mutate({
    mutation: gql`
      mutation ($name: String!) {
        rename(name: $name)
      }
    `,
    variables: { name: `Zoe ${HIGH}` },
  });
  expect(sent).toEqual({ name: 'Zoe \ufffd' });
});
