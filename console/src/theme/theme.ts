import { createTheme, Menu, type CSSVariablesResolver } from '@mantine/core';

/** The look of ChatDesk. Colours have a meaning: red is unread, blue is the queue. */
export const theme = createTheme({
  primaryColor: 'blue',
  // Dark enough for white text on it.
  primaryShade: 8,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
  respectReducedMotion: true,
  components: {
    // The library puts what takes the first focus into the menu, where only its items may be.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
  },
});

const COLORS = ['blue', 'gray', 'green', 'orange', 'red', 'teal', 'yellow'];

/** The texts of these variants in a shade that stands out enough from what is behind them. */
function texts(shade: number, mixed = ''): Record<string, string> {
  return Object.fromEntries(
    COLORS.flatMap((color) =>
      ['light-color', 'text', 'outline'].map((variant) => [
        `--mantine-color-${color}-${variant}`,
        `color-mix(in srgb, var(--mantine-color-${color}-${shade})${mixed})`,
      ]),
    ),
  );
}

/** The library's own colours of small texts are too faint to be read by everybody. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    // Even the darkest teal is too light on its own background.
    ...texts(9, ' 80%, black'),
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--mantine-color-anchor': 'var(--mantine-color-blue-8)',
  },
  dark: {
    ...texts(2, ', white 10%'),
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    '--mantine-color-anchor': 'var(--mantine-color-blue-3)',
  },
});
