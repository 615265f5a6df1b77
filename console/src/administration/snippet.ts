import type { Config } from '../app/config';

/** How the widget looks, as far as it can be chosen. */
export interface Look {
  /** `#rrggbb`, or empty for the usual one. */
  color: string;
  /** `end`: where a line of the page ends. */
  side: 'end' | 'left' | 'right';
}

/** Returns the tag that puts a live chat on a page. Where the service is elsewhere, it says where. */
export function snippetOf(
  liveChatId: string,
  look: Look,
  { httpUrl, socketUrl }: Pick<Config, 'httpUrl' | 'socketUrl'>,
  origin: string,
): string {
  const api = httpUrl.replace(/\/graphql$/, '');
  const ownSocket = `${origin.replace(/^http/, 'ws')}/graphql`;
  const attributes: [string, string | false][] = [
    ['live-chat', liveChatId],
    ['color', /^#[\da-f]{6}$/i.test(look.color) && look.color],
    ['position', look.side !== 'end' && look.side],
    ['api', api !== origin && api],
    ['socket', socketUrl !== ownSocket && socketUrl],
  ];
  const said = attributes.flatMap(([name, value]) => (value ? ` data-${name}="${value}"` : []));
  return `<script src="${origin}/widget.js"${said.join('')} async></script>`;
}
