import { createIntl } from 'react-intl';
import { expect, test } from 'vitest';
import { endOf, fitted, shownSize } from './attachment';

test('a picture keeps its proportions and is never enlarged', () => {
  expect(fitted(4000, 3000)).toEqual({ width: 240, height: 180 });
  expect(fitted(24, 12)).toEqual({ width: 24, height: 12 });
  expect(fitted(10_000, 1)).toEqual({ width: 240, height: 1 });
});

test('a size is read in the unit that fits', () => {
  const intl = createIntl({ locale: 'en' });
  const sizes = [0, 999, 1_000, 999_499, 1_000_000, 26_214_400];
  expect(sizes.map((size) => shownSize(intl, size))).toEqual([
    '0 byte',
    '999 byte',
    '1 kB',
    '999 kB',
    '1 MB',
    '26.2 MB',
  ]);
});

test('a signed link says when it ends, or nothing', () => {
  const link = (query: string) => endOf(`https://storage.example/file?${query}`);
  const ends = '2026-03-01T14:00:00.000Z';
  expect(link('X-Amz-Date=20260301T120000Z&X-Amz-Expires=7200')).toBe(ends);
  for (const other of ['', 'X-Amz-Date=20260301T120000Z', 'X-Amz-Date=x&X-Amz-Expires=7']) {
    expect(link(other)).toBeUndefined();
  }
});
