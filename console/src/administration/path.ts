export const ADMINISTRATION = '/administration';
export const APPS = `${ADMINISTRATION}/apps`;

/** Returns the path of a live chat's settings. */
export const liveChatPath = (id: string): string =>
  `${ADMINISTRATION}/live-chats/${encodeURIComponent(id)}`;
