import { isNumber, type Kept } from './kept';

const VOLUME = 0.08;
const KEY = 'rung';

let context: AudioContext | null = null;

/** Rings for an answer, in one tab of those that hear of it, and where the browser lets us. */
export function ring(kept: Kept, seq: number): void {
  if (seq <= (kept.read(KEY, isNumber) ?? 0)) return;
  kept.write(KEY, seq);
  // Before the visitor did something on the page, browsers refuse and complain in the console.
  const { userActivation } = navigator as Partial<Navigator>;
  if (userActivation?.hasBeenActive !== true) return;
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
