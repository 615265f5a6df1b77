import type { IntlShape } from 'react-intl';

/** The longest side of a picture in the dialog, in pixels. */
const LONGEST = 240;

/** Returns the size of a picture in the dialog: in its proportions, and never larger than it is. */
export function fitted(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** Returns the moment at which a signed link ends; `undefined` if it does not say. */
export function endOf(url: string): string | undefined {
  const said = new URL(url).searchParams;
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(said.get('X-Amz-Date') ?? '');
  const seconds = Number(said.get('X-Amz-Expires') ?? NaN);
  if (date === null || !Number.isFinite(seconds)) return undefined;
  const [, year, month, day, hour, minute, second] = date;
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return new Date(signed + 1000 * seconds).toISOString();
}

interface Picture {
  url: string | null;
  thumbnailUrl: string | null;
  width: number | null;
  height: number | null;
}

/** Tells whether a file is a picture that can be shown. */
export function isPicture<T extends Picture>(
  file: T,
): file is T & { url: string; thumbnailUrl: string; width: number; height: number } {
  return [file.url, file.thumbnailUrl, file.width, file.height].every((one) => one !== null);
}

const UNITS = ['byte', 'kilobyte', 'megabyte'] as const;

/** Returns the size of a file as people read it. */
export function shownSize(intl: Pick<IntlShape, 'formatNumber'>, bytes: number): string {
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  return intl.formatNumber(bytes / 1000 ** step, {
    style: 'unit',
    unit: UNITS[step],
    unitDisplay: 'short',
    maximumFractionDigits: step === 2 ? 1 : 0,
  });
}
