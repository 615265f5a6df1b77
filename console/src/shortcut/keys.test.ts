import { describe, expect, it } from 'vitest';
import { isSingleKey, matches, type Pressed } from './keys';

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe('a shortcut', () => {
  it('is its key without modifiers', () => {
    expect(matches(press('n'), 'n')).toBe(true);
    expect(matches(press('m'), 'n')).toBe(false);
    expect(matches(press('n', { ctrlKey: true }), 'n')).toBe(false);
    expect(matches(press('N', { shiftKey: true }), 'n')).toBe(false);
  });

  it('is found in another script by the place of its key', () => {
    expect(matches(press('т', { code: 'KeyN' }), 'n')).toBe(true);
    // On a keyboard with Latin letters, the letter counts.
    expect(matches(press('a', { code: 'KeyQ' }), 'q')).toBe(false);
  });

  it('takes signs however they are written', () => {
    expect(matches(press('?', { shiftKey: true }), '?')).toBe(true);
    expect(matches(press('/', { shiftKey: true }), '/')).toBe(true);
    expect(matches(press('+', { shiftKey: true }), '+')).toBe(true);
  });

  it('has modifiers', () => {
    expect(matches(press('Enter', { ctrlKey: true }), 'mod+Enter')).toBe(true);
    expect(matches(press('Enter', { metaKey: true }), 'mod+Enter')).toBe(true);
    expect(matches(press('Enter'), 'mod+Enter')).toBe(false);
    expect(matches(press('K', { metaKey: true, shiftKey: true }), 'mod+shift+k')).toBe(true);
  });

  it('is one key or several', () => {
    expect(isSingleKey('n')).toBe(true);
    expect(isSingleKey('mod+Enter')).toBe(false);
    expect(isSingleKey('Escape')).toBe(false);
  });
});
