import { createTheme, type CSSVariablesResolver } from '@mantine/core';
import { toneVariables } from '../status/tones.ts';

/** Contrast first: the library's default shades are too pale for small letters in one scheme or the other. */
export const theme = createTheme({
  autoContrast: true,
  // Below this, white letters have the better contrast; above it, black ones.
  luminanceThreshold: 0.179,
  primaryShade: { light: 8, dark: 6 },
  respectReducedMotion: true,
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  headings: { fontFamily: 'inherit', fontWeight: '650' },
});

/** What the library has no word for: the tones of statuses, and grey letters that can still be read. */
export const themeVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...toneVariables('light'),
    '--mantine-color-dimmed': '#545c64',
    '--surface': '#f6f7f9',
    '--link': '#1864ab',
  },
  dark: { ...toneVariables('dark'), '--mantine-color-dimmed': '#aab1b9', '--surface': '#2a2b2e', '--link': '#74c0fc' },
});
