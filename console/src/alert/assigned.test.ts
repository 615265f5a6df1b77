import { expect, it } from 'vitest';
import { assignmentOf } from './assigned';

const said = (kind: 'CLIENT' | 'NOTE', name: string, text: string) => ({
  kind,
  text,
  author: { __typename: 'Employee' as const, name },
  event: null,
});
const assigned = (name: string) => ({
  kind: 'EVENT' as const,
  text: '',
  author: { __typename: 'Employee' as const, name },
  event: { __typename: 'SessionEvent' as const, kind: 'ASSIGNED' as const },
});

it('says who gave a session to me, and what they said to it', () => {
  const before = [assigned('Zed'), said('NOTE', 'Zed', 'Old'), said('CLIENT', 'Max', 'Hello')];
  const nodes = [...before, assigned('Sue'), said('NOTE', 'Sue', 'Please, Ann')];
  expect(assignmentOf(nodes)).toEqual({ by: 'Sue', comment: 'Please, Ann' });
  expect(assignmentOf([...nodes, said('CLIENT', 'Max', 'Still there?')])).toEqual({
    by: 'Sue',
    comment: 'Please, Ann',
  });
});

it('takes nothing else for a comment', () => {
  expect(assignmentOf([])).toBeUndefined();
  expect(assignmentOf([assigned('Sue')])).toEqual({ by: 'Sue', comment: undefined });
  for (const next of [said('CLIENT', 'Sue', 'a'), said('NOTE', 'Bob', 'a')]) {
    expect(assignmentOf([assigned('Sue'), next])).toEqual({ by: 'Sue', comment: undefined });
  }
});
