import { describe, expect, it } from 'vitest';
import { parseConfig } from './config';

const base = 'https://desk.example/session/1';

describe('the configuration', () => {
  it('has absolute addresses, the socket with its own scheme', () => {
    expect(
      parseConfig({ signIn: 'demo', httpUrl: '/graphql', socketUrl: '/graphql' }, base),
    ).toEqual({
      signIn: 'demo',
      httpUrl: 'https://desk.example/graphql',
      socketUrl: 'wss://desk.example/graphql',
    });
  });

  it('keeps the address of a socket elsewhere', () => {
    const config = parseConfig(
      {
        signIn: 'oidc',
        authority: 'https://identity.example',
        clientId: 'console',
        httpUrl: 'https://api.example/graphql',
        socketUrl: 'wss://socket.example/live',
      },
      base,
    );
    expect(config.socketUrl).toBe('wss://socket.example/live');
  });

  it('says what is missing', () => {
    expect(() =>
      parseConfig({ signIn: 'oidc', httpUrl: '/graphql', socketUrl: '/graphql' }, base),
    ).toThrow('no "authority"');
    expect(() => parseConfig(null, base)).toThrow('no "httpUrl"');
  });
});
