import { meets, prepend, type Dialog, type Page } from './dialog';
import { ConversationPageDocument } from './generated/operations';
import { failureOf, type Service } from './service';
import { Backoff } from './wait';

/** The number of entries to read at the start, and each time the visitor scrolls up. */
const PAGE = 30;
/** The size and the number of the pages to read to close a gap. A greater gap is not closed. */
const LONGEST_PAGE = 100;
const MOST_PAGES = 5;

/** A page of the conversation, with the name of the live chat. */
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

  /** Reads the entries after the dialog, up to a limit. */
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
