let context: AudioContext | undefined;

/** Two short tones. A page that nobody has touched yet may not sound: then it is silent. */
export function ring(): void {
  context ??= new AudioContext();
  const audio = context;
  if (audio.state === 'suspended') {
    void audio.resume();
    if (navigator.userActivation.hasBeenActive) tone(audio);
    return;
  }
  tone(audio);
}

function tone(audio: AudioContext): void {
  [880, 1320].forEach((frequency, index) => {
    const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
    const at = audio.currentTime + index * 0.12;
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.22);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(at);
    oscillator.stop(at + 0.25);
  });
}

/** The time in milliseconds for which an alert belongs to the tab that took it. */
const ANOTHERS = 5_000;

/** The time in milliseconds that a tab without the focus leaves to the one that has it. */
const COURTESY = 200;

/** Does something in one of the tabs that hear the same alert, best in the one that is looked at. */
export async function once(alertId: string, act: () => void): Promise<void> {
  if (!document.hasFocus()) await wait(COURTESY);
  await navigator.locks.request(`chatdesk.alert ${alertId}`, { ifAvailable: true }, (lock) => {
    if (lock === null) return undefined;
    act();
    return wait(ANOTHERS);
  });
}

const wait = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis));

/**
 * Remembers the latest alerts, because the service may push one twice. Answers true for a new one.
 */
export function createMemory(most = 500): (id: string) => boolean {
  const heard = new Set<string>();
  return (id) => {
    if (heard.has(id)) return false;
    heard.add(id);
    const [oldest] = heard;
    if (heard.size > most && oldest !== undefined) heard.delete(oldest);
    return true;
  };
}
