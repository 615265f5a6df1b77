import { shownSize } from '../../../src/dialog/attachment';
import type { Language, Texts } from '../text';

/** The wording for days and times, in the visitor's language and time zone. */
export class Times {
  private readonly time: Intl.DateTimeFormat;
  private readonly day: Intl.DateTimeFormat;
  private readonly dayOfYear: Intl.DateTimeFormat;

  constructor(
    private readonly language: Language,
    private readonly texts: Texts,
  ) {
    this.time = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' });
    this.day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' });
    this.dayOfYear = new Intl.DateTimeFormat(language, { dateStyle: 'long' });
  }

  timeOf(at: Date): string {
    return this.time.format(at);
  }

  /** The size of a file. */
  sizeOf(bytes: number): string {
    const formatNumber = (value: number, options?: Intl.NumberFormatOptions) =>
      new Intl.NumberFormat(this.language, options).format(value);
    return shownSize({ formatNumber }, bytes);
  }

  /** The name of a day, as seen from now. */
  dayOf(at: Date, now: Date): string {
    if (at.toDateString() === now.toDateString()) return this.texts.today;
    const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
    if (at.toDateString() === yesterday.toDateString()) return this.texts.yesterday;
    return (at.getFullYear() === now.getFullYear() ? this.day : this.dayOfYear).format(at);
  }
}
