import { describe, expect, it } from 'vitest';
import { isolate } from './isolate';

const [LRI, FSI, PDI, RLO] = ['\u2066', '\u2068', '\u2069', '\u202e'];

describe('somebody’s words inside a sentence', () => {
  it('stay as they are where they cannot turn anything', () => {
    for (const plain of ['', 'Zoe', 'Ольга', '李雷', 'a (b) 1/2 🙂'])
      expect(isolate(plain)).toBe(plain);
  });

  it('are closed in where they can', () => {
    expect(isolate(`${RLO}gpj.exe`)).toBe(`${FSI}${RLO}gpj.exe${PDI}`);
    expect(isolate('שלום')).toBe(`${FSI}שלום${PDI}`);
    expect(isolate('\u200fa')).toBe(`${FSI}\u200fa${PDI}`);
  });

  it('cannot break out', () => {
    expect(isolate(`${PDI}${RLO}a`)).toBe(`${FSI}${RLO}a${PDI}`);
    expect(isolate(`${RLO}a${LRI}b`)).toBe(`${FSI}${RLO}a${LRI}b${PDI}${PDI}`);
    expect(isolate(`${LRI}a${PDI}b`)).toBe(`${FSI}${LRI}a${PDI}b${PDI}`);
  });
});
