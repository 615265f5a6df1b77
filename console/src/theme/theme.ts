import { createTheme } from '@mantine/core';

/** How ChatDesk looks. Colours that mean something: red is unread, blue is the queue. */
export const theme = createTheme({
  primaryColor: 'blue',
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
  respectReducedMotion: true,
});
