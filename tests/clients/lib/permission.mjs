// @ts-check
// Who may do what, worked out from the words of the product's description, not from the product:
// what an act answers, by what somebody is in the live chat, the session's state, and presence.

/** @typedef {import('./acts.mjs').Act} Act */
/** @typedef {'queued' | 'assigned' | 'closed' | 'earlier'} State `earlier`: closed, and below a later one that waits */

/**
 * What somebody is: their roles in the session's live chat, and whether the session is theirs, or
 * was when it was closed.
 * @typedef {{ isOperator: boolean, isSupervisor: boolean, isAssignee: boolean }} Standing
 */

/** @type {Act[]} */
const ANSWERS = ['claimSession', 'sendMessage'];
/** @type {Act[]} */
const READ_MARKS = ['markSessionRead', 'markSessionUnread'];
/** @type {Act[]} what a closed session is closed to; nobody types what cannot be sent */
const CLOSED_TO = [...ANSWERS, 'addNote', 'assignSession', 'returnSession', 'setTyping'];

/**
 * How much of a session somebody sees: `taken` is the one thing an operator may learn of an open
 * session that is not theirs, `through` that it can only be read through a later one.
 * @param {Standing} who
 * @param {State} state
 * @returns {'all' | 'taken' | 'through' | 'nothing'}
 */
export function sight({ isOperator, isSupervisor, isAssignee }, state) {
  if (isSupervisor) return 'all';
  if (!isOperator) return 'nothing';
  if (isAssignee || state === 'queued') return 'all';
  if (state === 'assigned') return 'taken';
  return state === 'earlier' ? 'through' : 'nothing';
}

/**
 * The code of the refusal, null when it is done. The order is that of the contract.
 * @param {Act} act
 * @param {Standing} who
 * @param {State} state
 * @param {boolean} isOnline
 * @returns {string | null}
 */
export function refusal(act, who, state, isOnline) {
  const seen = sight(who, state);
  const isAnswer = ANSWERS.includes(act);
  if (seen === 'nothing' || (seen === 'taken' && !isAnswer)) return 'NOT_FOUND';
  if (seen === 'through' || (isAnswer && !who.isOperator)) return 'FORBIDDEN';
  if (READ_MARKS.includes(act)) return null;
  if (!isOnline) return 'OPERATOR_OFFLINE';
  if (isOver(state)) return CLOSED_TO.includes(act) ? 'SESSION_CLOSED' : null;
  if (isAnswer) return state === 'assigned' && !who.isAssignee ? 'ALREADY_CLAIMED' : null;
  if (act === 'setTyping') return null;
  return who.isAssignee || who.isSupervisor ? null : 'NOT_ASSIGNED';
}

/**
 * Whether an act that is done leaves everything as it is.
 * @param {Act} act
 * @param {State} state
 */
export function changesNothing(act, state) {
  if (act === 'setTyping') return true;
  if (act === 'claimSession') return state === 'assigned';
  if (act === 'returnSession') return state === 'queued';
  return act === 'closeSession' && isOver(state);
}

/** @param {State} state */
export const isOver = (state) => state === 'closed' || state === 'earlier';
