import { createTheme, type CSSVariablesResolver } from '@mantine/core';
import { toneVariables } from '../status/tones.ts';

/** From letters to the page behind everything: a cooler and deeper night than the library's. */
const night = [
  '#dfe3e8',
  '#c3c9d0',
  '#a7afb8',
  '#6d7680',
  '#343b43',
  '#272d33',
  '#1f2429',
  '#16191d',
  '#111417',
  '#0c0e10',
] as const;

/** Contrast first: the library's default shades are too pale under small white letters. */
export const theme = createTheme({
  primaryShade: 8,
  colors: { dark: night },
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
    '--mantine-color-default-border': '#d9dee3',
    '--surface': '#f6f7f9',
    '--link': '#1864ab',
  },
  dark: { ...toneVariables('dark'), '--surface': '#1c2025', '--link': '#74c0fc' },
});
