import { isNumber, type Kept } from './kept';

const VOLUME = 0.08;
const KEY = 'rung';
/** The time in milliseconds that a tab without the focus leaves to the one that has it. */
const COURTESY = 200;
/**
 * The time in milliseconds for which an answer belongs to one tab. After it, no other tab can still
 * receive the answer.
 */
const CLAIMED = 5_000;

let context: AudioContext | null = null;

/**
 * Rings for an answer in one tab of those that hear of it, best in the one that is looked at. A tab
 * that shows the answer claims it as well, so that no other rings for what is seen.
 */
export async function ring(kept: Kept, seq: number, isSeen: boolean): Promise<void> {
  // A tab that may not play sound leaves it to one that may.
  if (!isSeen && !maySound()) return;
  if (!document.hasFocus()) await wait(COURTESY);
  await claimOnce(`chat-widget ring ${kept.scope} ${seq}`, () => {
    if (seq <= (kept.read(KEY, isNumber) ?? 0)) return;
    kept.write(KEY, seq);
    if (!isSeen) sound();
  });
}

/**
 * Does something in the one tab that comes first. Pages without a secure connection have no locks:
 * there the number that is kept has to do, which two tabs may read at the same instant.
 */
async function claimOnce(name: string, act: () => void): Promise<void> {
  const { locks } = navigator as Partial<Navigator>;
  if (locks === undefined) {
    act();
    return;
  }
  try {
    await locks.request(name, { ifAvailable: true }, (lock) => {
      if (lock === null) return undefined;
      act();
      // The number that was kept may reach another tab later than the answer does.
      return wait(CLAIMED);
    });
  } catch {
    // A page without an origin has locks that it may not use, and nothing that tabs share.
    act();
  }
}

const wait = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis));

/** Before the visitor did something on the page, browsers refuse and complain in the console. */
function maySound(): boolean {
  const { userActivation } = navigator as Partial<Navigator>;
  return userActivation?.hasBeenActive === true;
}

function sound(): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    tone(context, 660, 0);
    tone(context, 880, 0.12);
  } catch {
    // A machine without sound.
  }
}

function tone(on: AudioContext, frequency: number, delay: number): void {
  const start = on.currentTime + delay;
  const oscillator = on.createOscillator();
  const gain = on.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(VOLUME, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.35);
  oscillator.connect(gain).connect(on.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.4);
}
