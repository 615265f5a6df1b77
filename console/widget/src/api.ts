import type { TypedDocumentString } from './generated/operations';
import { isRecord, isText } from './kept';

/**
 * The longest time for an answer. A repeated request is the same request, so nothing happens twice.
 */
const PATIENCE_MILLIS = 20_000;

/** Why there is no result. */
export class Failure extends Error {
  constructor(
    /** As the service has it; `NETWORK` when there was no answer. */
    readonly code: string,
    /** True if the same request may work later. */
    readonly isPassing: boolean,
    /** After how many milliseconds, if it was said. */
    readonly retryAfterMillis = 0,
    /** The part of the request that was wrong, if the answer names it. */
    readonly field: string | null = null,
  ) {
    super(code);
  }
}

const PASSING = new Set(['UNAVAILABLE', 'INTERNAL', 'RATE_LIMITED', 'LIMIT', 'RESYNC']);

/** The body of `POST /widget/token`. */
export interface TokenWish {
  liveChatId: string;
  name?: string | undefined;
  email?: string | undefined;
  token?: string | undefined;
}

/** A token, good until then by the clock of the service. */
export interface GivenToken {
  token: string;
  expiresAt: string;
  /** True when a socket opens with a ticket only. */
  needsSocketTicket: boolean;
}

/** Asks for a token. */
export async function requestToken(api: string, wish: TokenWish): Promise<GivenToken> {
  const answer = await post(`${api}/widget/token`, wish, {});
  const { token, expiresAt } = answer;
  if (!isText(token) || !isText(expiresAt)) throw new Failure('INTERNAL', true);
  return { token, expiresAt, needsSocketTicket: answer.needsSocketTicket === true };
}

/** Asks for a ticket, with which a socket can be opened within a minute. */
export async function requestTicket(api: string, token: string): Promise<string> {
  const { ticket } = await post(`${api}/socket/ticket`, {}, { Authorization: `Bearer ${token}` });
  if (!isText(ticket)) throw new Failure('INTERNAL', true);
  return ticket;
}

/** Executes a query or a mutation. Its data is of the type that was generated for the document. */
export async function execute<Data, Variables>(
  api: string,
  token: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const answer = await post(
    `${api}/graphql`,
    { query: document.toString(), variables },
    { Authorization: `Bearer ${token}` },
  );
  const failure = failureIn(answer.errors);
  if (failure !== null) throw failure;
  if (!isRecord(answer.data)) throw new Failure('INTERNAL', true);
  return answer.data as Data;
}

/** The failure that errors of GraphQL mean; null when there are none. */
export function failureIn(errors: unknown): Failure | null {
  if (!Array.isArray(errors) || errors.length === 0) return null;
  const [error] = errors as unknown[];
  const extensions = isRecord(error) && isRecord(error.extensions) ? error.extensions : {};
  const code = isText(extensions.code) ? extensions.code : 'INTERNAL';
  return new Failure(code, PASSING.has(code));
}

async function post(
  url: string,
  body: object,
  headers: Record<string, string>,
): Promise<Record<string, unknown>> {
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
      body: JSON.stringify(body),
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MILLIS),
    });
    answer = await response.json().catch(() => null);
  } catch {
    throw new Failure('NETWORK', true);
  }
  if (isRecord(answer) && (response.ok || 'errors' in answer)) return answer;
  throw failureOf(response, answer);
}

function failureOf(response: Response, answer: unknown): Failure {
  const error = isRecord(answer) && isRecord(answer.error) ? answer.error : {};
  const status = response.status;
  const isPassing = response.ok || status === 408 || status === 429 || status >= 500;
  const seconds = Number(response.headers.get('Retry-After'));
  return new Failure(
    isText(error.code) ? error.code : `HTTP_${status}`,
    isPassing,
    Number.isFinite(seconds) ? seconds * 1000 : 0,
    isText(error.field) ? error.field : null,
  );
}
