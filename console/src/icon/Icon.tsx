// Drawn on a field of 24 by 24 with a round pen.
const PATHS = {
  globe: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M3 12h18M12 3c-5 5-5 13 0 18c5-5 5-13 0-18',
  building: 'M4 21h16M6 21V4h8v17M14 9h4v12M9 8h2M9 12h2M9 16h2',
  plug: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4',
  plane: 'M21 4L3 11l6 3l2 6l3-4l5 4zM9 14l12-10',
  receiver:
    'M3.5 20.5l1.4-4.6A8.6 8.6 0 1 1 8.2 19.2zM8.8 9.2c.4 3.2 2.8 5.6 6 6M8.3 8.8l1.9-1.3M15.2 15.7l1.3-1.9',
  bubble: 'M4 5h16v11H10l-4 4v-4H4z',
  quote: 'M9 14l-5-5l5-5M4 9h9a7 7 0 0 1 7 7v3',
  clip: 'M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14.5 7',
  camera: 'M4 7h4l2-3h4l2 3h4v13H4zM12 9.5a4 4 0 1 0 0 8a4 4 0 1 0 0-8',
  retry: 'M4 12a8 8 0 1 0 2.5-5.8M4 4v4.5h4.5',
  left: 'M15 5l-7 7l7 7',
  right: 'M9 5l7 7l-7 7',
  download: 'M12 4v12M6 11l6 6l6-6M5 21h14',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  close: 'M6 6l12 12M18 6L6 18',
  dots: 'M5 12h.01M12 12h.01M19 12h.01',
  send: 'M12 20V5M5 12l7-7l7 7',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  bolt: 'M13 3L5 14h6l-1 7l8-11h-6z',
  down: 'M12 5v14M5 12l7 7l7-7',
  check: 'M5 12l5 5L20 7',
  checks: 'M1.5 12.5l4.5 4.5L16 7M12 16l1 1L23 7',
  clock: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7v5l3 2',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  warning: 'M12 4L2.5 20h19zM12 10v4M12 17h.01',
} as const;

export type IconName = keyof typeof PATHS;

/** A small drawing beside a text, or in a button that says what it does. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'dots' ? 3 : 2}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
