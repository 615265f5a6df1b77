import { expect, it } from 'vitest';
import { Clock } from './clock';

const LOCAL = Date.parse('2026-03-10T12:00:00Z');
const at = (millis: number) => new Date(millis).toUTCString();

it('takes the time of the answers, however wrong this machine is', () => {
  for (const wrong of [-3 * 3_600_000, -60_000, 60_000, 400 * 86_400_000]) {
    const clock = new Clock();
    clock.answered(at(LOCAL - wrong), LOCAL, LOCAL + 200);
    expect(Math.abs(clock.now(LOCAL) - (LOCAL - wrong))).toBeLessThan(1_000);
  }
});

it('does not move for what the measuring is wrong by', () => {
  const clock = new Clock();
  clock.answered(at(LOCAL), LOCAL, LOCAL + 10);
  clock.answered(at(LOCAL), LOCAL, LOCAL + 20_000);
  clock.answered(null, LOCAL, LOCAL);
  clock.answered('nonsense', LOCAL, LOCAL);
  expect(clock.now(LOCAL)).toBe(LOCAL);
});

it('hears from pushes where answers do not tell, and from answers rather than pushes', () => {
  const clock = new Clock();
  clock.pushed(new Date(LOCAL - 90_000).toISOString(), LOCAL);
  expect(clock.now(LOCAL)).toBe(LOCAL - 90_000);
  clock.pushed('nonsense', LOCAL);
  clock.answered(at(LOCAL), LOCAL, LOCAL);
  clock.pushed(new Date(LOCAL - 90_000).toISOString(), LOCAL);
  expect(Math.abs(clock.now(LOCAL) - LOCAL)).toBeLessThan(1_000);
});
