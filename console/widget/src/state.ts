import type { Dialog } from './dialog';
import type { Outgoing } from './outbox';

/** The phase of the chat. */
export type Phase =
  /** Nothing was asked of the service: the visitor is a stranger who did not open the chat. */
  | 'asleep'
  /** The conversation is being read. */
  | 'loading'
  /** It is there, and followed. */
  | 'ready'
  /** This page may not carry this chat, or there is no such live chat. */
  | 'barred';

/** Everything that is shown. */
export interface ChatState {
  readonly phase: Phase;
  readonly isOpen: boolean;
  /** True if the service cannot be reached. */
  readonly isOffline: boolean;
  readonly liveChatName: string | null;
  readonly dialog: Dialog;
  /** Own messages that do not stand in the dialog yet. */
  readonly outgoing: readonly Outgoing[];
  /** Why they wait, as a code; null while they are being sent. */
  readonly problem: string | null;
  /** The operator who is typing an answer. */
  readonly typist: string | null;
  readonly unread: number;
  /** The picture that is shown as large as the page. */
  readonly viewed: string | null;
  /** The state of reading earlier entries. */
  readonly earlier: 'idle' | 'loading' | 'failed';
}

/** Holds what is shown, and says when it changes. */
export class Shown<State extends object> {
  private readonly listeners = new Set<() => void>();

  constructor(private current: State) {}

  get state(): State {
    return this.current;
  }

  set(changes: Partial<State>): void {
    this.current = { ...this.current, ...changes };
    for (const listener of [...this.listeners]) listener();
  }

  /** Gives back how to stop. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
