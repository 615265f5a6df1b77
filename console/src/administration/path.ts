export const ADMINISTRATION = '/administration';
export const APPS = `${ADMINISTRATION}/apps`;

/** The address of a live chat's settings. */
export const liveChatPath = (id: string): string =>
  `${ADMINISTRATION}/live-chats/${encodeURIComponent(id)}`;
