import {
  append,
  extend,
  lastAnswerSeq,
  lastSeq,
  NOTHING,
  unreadCount,
  type Dialog,
  type Entry,
} from './dialog';
import { Files } from './files';
import { FollowMessagesDocument } from './generated/operations';
import { History } from './history';
import { isNumber, isTrue, type Kept } from './kept';
import type { Live } from './live';
import { freshId, isOfOutbox, type Outbox, type Outgoing } from './outbox';
import { Receipt } from './receipt';
import { Sender } from './sender';
import { BARRED, type Service } from './service';
import { Shown, type ChatState } from './state';
import { Typing } from './typing';

/** The number of tries to close one gap before the widget waits for the next push. */
const MOST_READINGS = 5;

/** The parts of the chat. */
export interface Parts {
  /** Of this visitor, on all pages, and of this tab. */
  readonly kept: Kept;
  readonly tab: Kept;
  readonly outbox: Outbox;
  readonly service: Pick<Service, 'execute'>;
  /** Makes the socket, when there is something to follow. */
  readonly live: (
    onConnection: (isConnected: boolean) => void,
  ) => Pick<Live, 'follow' | 'check' | 'stop'>;
}

/** The visitor's side of the conversation: what is known of it, and what can be done. */
export class Chat {
  readonly shown: Shown<ChatState>;
  readonly files: Files;
  private readonly hearers = new Set<(reply: Entry) => void>();
  private readonly history: History;
  private readonly sender: Sender;
  private readonly typingSides: Typing;
  private readonly receipt: Receipt;
  private live: Pick<Live, 'follow' | 'check' | 'stop'> | null = null;
  private readSeq: number;
  /** Own messages that were taken, and that the dialog cannot show yet. */
  private arriving: readonly Outgoing[] = [];
  private isConnected = false;
  private catchingUp: Promise<void> | null = null;
  private readonly unwatch: () => void;
  /** The greatest number that was heard of. */
  private newestSeq = 0;

  constructor(private readonly parts: Parts) {
    this.readSeq = parts.kept.read('read', isNumber) ?? 0;
    this.history = new History(parts.service);
    this.sender = new Sender(parts.outbox, parts.service, {
      sent: (outgoing, entry) => {
        this.arrived(outgoing, entry);
      },
      changed: () => {
        this.showOutgoing();
      },
    });
    this.files = new Files(parts.service, parts.tab);
    this.receipt = new Receipt(parts.service, parts.kept);
    this.typingSides = new Typing(parts.service, (typist) => {
      this.shown.set({ typist });
    });
    this.shown = new Shown<ChatState>({
      phase: 'asleep',
      isOpen: false,
      isOffline: false,
      liveChatName: null,
      dialog: NOTHING,
      outgoing: parts.outbox.all(),
      problem: null,
      typist: null,
      unread: 0,
      viewed: null,
      earlier: 'idle',
    });
    this.unwatch = parts.kept.watch((key) => {
      this.changedElsewhere(key);
    });
  }

  /** Calls back for each answer that arrives while the page is there. Gives back how to stop. */
  onReply(hearer: (reply: Entry) => void): () => void {
    this.hearers.add(hearer);
    return () => this.hearers.delete(hearer);
  }

  /** Goes on where the visitor was. Of a stranger nothing is asked and nothing is told. */
  start(): void {
    if (this.parts.tab.read('open', isTrue)) this.open();
    else if (this.hasBegun()) this.wake();
  }

  open(): void {
    this.parts.tab.write('open', true);
    this.shown.set({ isOpen: true });
    this.wake();
    this.typingSides.follow(this.live);
  }

  close(): void {
    this.parts.tab.write('open', null);
    this.typingSides.stop();
    this.shown.set({ isOpen: false });
  }

  /** Writes a message with the files that were uploaded; false when too many wait. */
  write(text: string): boolean {
    if (this.parts.outbox.isFull()) return false;
    const clientMessageId = freshId();
    const files = this.files.take();
    this.parts.outbox.add({ clientMessageId, text, files, writtenAt: Date.now(), refusal: null });
    this.typingSides.pause();
    this.showOutgoing();
    this.sender.flush();
    return true;
  }

  /** Tries again what was not sent. */
  retry(clientMessageId: string): void {
    this.parts.outbox.mark(clientMessageId, null);
    this.showOutgoing();
    this.sender.hurry();
  }

  /** Gives up a message that was not sent. */
  discard(clientMessageId: string): void {
    this.parts.outbox.remove(clientMessageId);
    this.showOutgoing();
  }

  /** The visitor types. */
  typing(): void {
    const { phase, dialog, isOffline } = this.shown.state;
    if (phase === 'ready' && !isOffline && dialog.entries.length > 0) this.typingSides.say();
  }

  /** The visitor sees the end of the dialog. */
  seen(): void {
    const last = lastSeq(this.shown.state.dialog);
    if (last > this.readSeq) {
      this.readSeq = last;
      this.parts.kept.write('read', last);
    }
    if (this.shown.state.unread > 0) this.shown.set({ unread: 0 });
    this.receipt.seen(lastAnswerSeq(this.shown.state.dialog));
  }

  /** Reads what stands before the dialog. */
  async readEarlier(): Promise<void> {
    const { dialog, earlier } = this.shown.state;
    if (!dialog.hasEarlier || earlier === 'loading') return;
    this.shown.set({ earlier: 'loading' });
    try {
      const change = await this.history.earlier(dialog);
      this.shown.set({ earlier: 'idle', dialog: change(this.shown.state.dialog) });
    } catch {
      this.shown.set({ earlier: 'failed' });
    }
  }

  /** The network is back, or the page is shown again. */
  revive(): void {
    if (this.shown.state.phase === 'asleep') return;
    this.history.wake();
    this.live?.check();
    this.shown.set({ isOffline: this.live !== null && !this.isConnected });
    this.sender.hurry();
  }

  /** The network is gone, says the browser. */
  lose(): void {
    if (this.shown.state.phase !== 'asleep') this.shown.set({ isOffline: true });
  }

  /** The visitor has become another client: what was there is not theirs any more. */
  forget(): void {
    for (const key of ['read', 'begun', 'rung']) this.parts.kept.write(key, null);
    this.receipt.forget();
    this.files.take();
    this.readSeq = 0;
    this.newestSeq = 0;
    this.showDialog(NOTHING);
    if (this.shown.state.phase === 'ready') void this.catchUp();
  }

  /** Ends it: nothing is heard, kept or sent any more. */
  stop(): void {
    this.unwatch();
    this.hearers.clear();
    this.typingSides.stop();
    this.receipt.stop();
    this.live?.stop();
    for (const kept of [this.parts.kept, this.parts.tab]) kept.close();
  }

  private hasBegun(): boolean {
    return this.parts.kept.read('begun', isTrue) !== null || this.parts.outbox.all().length > 0;
  }

  /** Reads the conversation and follows it, once. */
  private wake(): void {
    const { phase } = this.shown.state;
    if (phase === 'loading' || phase === 'ready') return;
    this.shown.set({ phase: 'loading' });
    void this.load();
  }

  private async load(): Promise<void> {
    this.sender.flush();
    const read = await this.history.end(() => {
      this.shown.set({ isOffline: true });
    });
    if (read === null) {
      this.shown.set({ phase: 'barred' });
      return;
    }
    const dialog = extend(NOTHING, read.page);
    // Of a conversation that is shorter than it was, nothing was read yet that is not there.
    this.readSeq = Math.min(this.readSeq, lastSeq(dialog));
    this.shown.set({ phase: 'ready', isOffline: false, liveChatName: read.liveChatName });
    this.showDialog(dialog);
    this.follow();
  }

  private follow(): void {
    if (this.live !== null) return;
    this.live = this.parts.live((isConnected) => {
      this.isConnected = isConnected;
      this.shown.set({ isOffline: !isConnected });
      if (isConnected) this.sender.hurry();
    });
    this.live.follow(
      FollowMessagesDocument,
      () => ({ afterSeq: lastSeq(this.shown.state.dialog) }),
      {
        next: ({ conversationMessages }) => {
          this.pushed(conversationMessages);
        },
        resync: () => this.catchUp(),
      },
    );
    if (this.shown.state.isOpen) this.typingSides.follow(this.live);
  }

  private pushed(entry: Entry): void {
    const isNew = entry.seq > lastSeq(this.shown.state.dialog);
    this.merge(entry);
    if (!isNew || entry.author.viewerIsAuthor) return;
    this.typingSides.clear();
    if (entry.seq <= this.readSeq) return;
    for (const hear of this.hearers) hear(entry);
  }

  private arrived(outgoing: Outgoing, entry: Entry): void {
    this.parts.kept.write('begun', true);
    if (this.shown.state.phase === 'ready') this.merge(entry);
    if (entry.seq > lastSeq(this.shown.state.dialog)) {
      this.arriving = [...this.arriving, outgoing];
    }
    this.showOutgoing();
  }

  private merge(entry: Entry): void {
    this.newestSeq = Math.max(this.newestSeq, entry.seq);
    const dialog = append(this.shown.state.dialog, entry);
    if (dialog === null) void this.catchUp();
    else this.showDialog(dialog);
  }

  /** Reads again, because something is missing. */
  private catchUp(): Promise<void> {
    this.catchingUp ??= this.readAgain().finally(() => (this.catchingUp = null));
    return this.catchingUp;
  }

  private async readAgain(): Promise<void> {
    const now = () => this.shown.state.dialog;
    for (let read = 0; read < MOST_READINGS; read += 1) {
      const page = await this.history.later(now, () => {
        this.shown.set({ isOffline: true });
      });
      if (page === null) break;
      this.showDialog(extend(now(), page));
      // Something may have come while the page was on its way.
      if (lastSeq(now()) >= this.newestSeq) break;
      await this.history.pause();
    }
    this.shown.set({ isOffline: !this.isConnected });
  }

  private showDialog(dialog: Dialog): void {
    this.shown.set({ dialog, unread: unreadCount(dialog, this.readSeq) });
    if (dialog.entries.length > 0 && !this.hasBegun()) this.parts.kept.write('begun', true);
    this.showOutgoing();
  }

  private showOutgoing(): void {
    const { dialog } = this.shown.state;
    const standing = new Set(dialog.entries.map((entry) => entry.clientMessageId));
    const isMissing = ({ clientMessageId }: Outgoing) => !standing.has(clientMessageId);
    this.arriving = this.arriving.filter(isMissing);
    const waiting = this.parts.outbox.all().filter(isMissing);
    const problem = this.sender.problem;
    this.shown.set({ outgoing: [...this.arriving, ...waiting], problem });
    if (problem === BARRED) this.shown.set({ phase: 'barred' });
  }

  private changedElsewhere(key: string): void {
    if (key === 'read') {
      this.readSeq = Math.max(this.readSeq, this.parts.kept.read('read', isNumber) ?? 0);
      this.showDialog(this.shown.state.dialog);
    }
    if (isOfOutbox(key)) {
      this.showOutgoing();
      this.sender.flush();
    }
    // The visitor began in another tab.
    if (key === 'begun' && this.hasBegun()) this.wake();
  }
}
