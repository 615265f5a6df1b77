import { expect, test } from 'vitest';
import { snippetOf } from './snippet';
import { filled } from './variables';

test('variables are filled once, and other words in braces stay', () => {
  const values = { client: 'Zoe {date}', date: '1 May' };
  expect(filled('{client}, {date} {toString} { date }', values)).toBe(
    'Zoe {date}, 1 May {toString} { date }',
  );
});

test('the tag says only what is not usual', () => {
  const here = 'https://desk.example';
  const own = { httpUrl: `${here}/graphql`, socketUrl: 'wss://desk.example/graphql' };
  const usual = { color: '', side: 'end' } as const;
  expect(snippetOf('L', usual, own, here)).toBe(
    '<script src="https://desk.example/widget.js" data-live-chat="L" async></script>',
  );
  const other = { httpUrl: 'https://api.example/graphql', socketUrl: 'wss://socket.example/live' };
  expect(snippetOf('L', { color: '#00AA11', side: 'left' }, other, here)).toBe(
    '<script src="https://desk.example/widget.js" data-live-chat="L" data-color="#00AA11"' +
      ' data-position="left" data-api="https://api.example" data-socket="wss://socket.example/live"' +
      ' async></script>',
  );
  // What is no color is left out: it could be anything.
  expect(snippetOf('L', { color: '"><b>', side: 'end' }, own, here)).not.toContain('color');
});
