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
      ticketUrl: undefined,
    });
  });

  it('says where tickets are, where a socket wants one', () => {
    const config = { signIn: 'demo', httpUrl: '/live/graphql', socketUrl: '/graphql' };
    expect(parseConfig({ ...config, needsSocketTicket: true }, base).ticketUrl).toBe(
      'https://desk.example/live/socket/ticket',
    );
    expect(parseConfig({ ...config, needsSocketTicket: false }, base).ticketUrl).toBeUndefined();
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
    expect(config).toMatchObject({ scope: 'openid profile offline_access', token: 'access' });
  });

  it('asks a provider for what it has', () => {
    const oidc = { signIn: 'oidc', authority: 'https://a.example', clientId: 'c' };
    const config = { ...oidc, httpUrl: '/graphql', socketUrl: '/graphql', scope: 'openid' };
    expect(parseConfig({ ...config, token: 'id' }, base)).toMatchObject({
      scope: 'openid',
      token: 'id',
    });
    expect(() => parseConfig({ ...config, token: 'refresh' }, base)).toThrow('unknown "token"');
  });

  it('says what is missing', () => {
    expect(() =>
      parseConfig({ signIn: 'oidc', httpUrl: '/graphql', socketUrl: '/graphql' }, base),
    ).toThrow('no "authority"');
    expect(() => parseConfig(null, base)).toThrow('no "httpUrl"');
  });
});
