import { describe, expect, it } from 'vitest';
import { after, before, between, runAround } from './run';

const numbers = (...seqs: number[]) => seqs.map((seq) => ({ seq }));
const seqsOf = (entries: readonly { seq: number }[]) => entries.map(({ seq }) => seq);

describe('what is shown of a dialog', () => {
  const entries = numbers(1, 2, 3, 10, 11, 20, 21, 22);

  it('is its end, up to the first hole', () => {
    expect(seqsOf(runAround(entries))).toEqual([20, 21, 22]);
    expect(seqsOf(runAround(numbers(1, 2, 3)))).toEqual([1, 2, 3]);
    expect(runAround([])).toEqual([]);
  });

  it('is what stands around an entry that one jumped to', () => {
    expect(seqsOf(runAround(entries, 2))).toEqual([1, 2, 3]);
    expect(seqsOf(runAround(entries, 11))).toEqual([10, 11]);
  });

  it('is the end when there is no such entry', () => {
    expect(seqsOf(runAround(entries, 15))).toEqual([20, 21, 22]);
  });
});

describe('the part to read', () => {
  it('goes on from a cursor where there is one', () => {
    expect(before({ seq: 60, cursor: 'c' })).toEqual({ last: 50, before: 'c' });
    expect(after({ seq: 60, cursor: 'c' })).toEqual({ first: 50, after: 'c' });
  });

  it('touches the entry where there is none', () => {
    // The service puts the half of `first` before the entry in the middle.
    const reaches = ({ aroundSeq = 0, first = 0 }) => {
      const start = Math.max(1, aroundSeq - Math.floor(first / 2));
      return [start, start + first - 1];
    };
    expect(reaches(before({ seq: 60, cursor: '' }))).toEqual([9, 60]);
    expect(reaches(before({ seq: 10, cursor: '' }))).toEqual([1, 52]);
    expect(reaches(after({ seq: 60, cursor: '' }))).toEqual([59, 110]);
    expect(reaches(between(60, 64))).toEqual([60, 64]);
    expect(reaches(between(60, 63))).toEqual([60, 63]);
  });

  it('is the end where too much is missing', () => {
    expect(between(60, 200)).toEqual({ last: 50 });
  });
});
