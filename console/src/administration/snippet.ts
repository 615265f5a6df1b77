import type { Config } from '../app/config';

/** The settings of the widget's appearance. */
export interface Look {
  /** `#rrggbb`, or empty for the usual one. */
  color: string;
  /** `end`: where a line of the page ends. */
  side: 'end' | 'left' | 'right';
}

/** Returns the tag that puts a live chat on a page, with the addresses of the service if they differ. */
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
