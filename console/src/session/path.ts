export const SESSION_ROUTE = '/session/:id';

/** Returns the path of a session's page. */
export function sessionPath(id: string): string {
  return `/session/${encodeURIComponent(id)}`;
}

/** The session of a path, from what its route found. */
export function sessionIdOf(param: string): string {
  try {
    return decodeURIComponent(param);
  } catch {
    return param;
  }
}
