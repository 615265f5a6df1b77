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
