import { meets, prepend, type Dialog, type Page } from './dialog';
import { ConversationPageDocument } from './generated/operations';
import { failureOf, type Service } from './service';
import { Backoff } from './wait';

/** How many entries are read at the start, and at a time when somebody scrolls up. */
const PAGE = 30;
/** How many are read at a time, and how often, to close a hole; what is more is not worth it. */
const LONGEST_PAGE = 100;
const MOST_PAGES = 5;

/** What was read of the conversation. */
export interface Reading {
  readonly liveChatName: string;
  readonly page: Page;
}

/** Reads the conversation, page by page. */
export class History {
  constructor(
    private readonly service: Pick<Service, 'execute'>,
    private readonly backoff: Backoff = new Backoff(1_000, 30_000),
  ) {}

  /** The network is back: does not wait for the next try. */
  wake(): void {
    this.backoff.wake();
  }

  /** Some time, before the same is read again. */
  pause(): Promise<void> {
    return this.backoff.wait();
  }

  /** The end of the conversation, tried until it is there; null when it is not for us. */
  async end(onFailure: () => void): Promise<Reading | null> {
    return this.persist(() => this.page(PAGE, null), onFailure);
  }

  /** The dialog with the entries before it. */
  async earlier(dialog: Dialog): Promise<(now: Dialog) => Dialog> {
    const { page } = await this.page(PAGE, dialog.startCursor);
    const first = dialog.entries[0]?.seq;
    return (now) => (now.entries[0]?.seq === first ? prepend(now, page) : now);
  }

  /** What came after the dialog, or so much of it that it is not endless. */
  async later(dialog: () => Dialog, onFailure: () => void): Promise<Page | null> {
    return this.persist(async () => {
      let { page } = await this.page(LONGEST_PAGE, null);
      for (let read = 1; read < MOST_PAGES && !meets(dialog(), page); read += 1) {
        const before = (await this.page(LONGEST_PAGE, page.pageInfo.startCursor)).page;
        page = { ...before, nodes: [...before.nodes, ...page.nodes] };
      }
      return page;
    }, onFailure);
  }

  private async persist<Result>(
    act: () => Promise<Result>,
    onFailure: () => void,
  ): Promise<Result | null> {
    for (;;) {
      try {
        const result = await act();
        this.backoff.reset();
        return result;
      } catch (thrown) {
        if (!failureOf(thrown).isPassing) return null;
        onFailure();
        await this.backoff.wait();
      }
    }
  }

  private async page(last: number, before: string | null): Promise<Reading> {
    const { conversation } = await this.service.execute(ConversationPageDocument, { last, before });
    return { liveChatName: conversation.liveChat.name, page: conversation.messages };
  }
}
