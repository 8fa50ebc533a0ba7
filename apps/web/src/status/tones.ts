/** How serious something looks. A tone never stands alone: an icon and a word always say the same. */
export const tones = ['good', 'busy', 'warn', 'bad', 'quiet'] as const;
export type Tone = (typeof tones)[number];

interface TonePaint {
  /** Words and icons, on the fill and on the page alike. */
  readonly text: string;
  readonly fill: string;
  /** Bars and marks. */
  readonly strong: string;
}

/** Every pair of text and fill keeps a contrast of 4.5 to 1, every mark 3 to 1 on the page; `tones.spec.ts` measures it. */
export const tonePaints: Readonly<Record<'light' | 'dark', Readonly<Record<Tone, TonePaint>>>> = {
  light: {
    good: { text: '#17602a', fill: '#e2f5e6', strong: '#2f9e44' },
    busy: { text: '#11518f', fill: '#e1effc', strong: '#1c7ed6' },
    warn: { text: '#7a4100', fill: '#fdefd5', strong: '#c46a00' },
    bad: { text: '#a31916', fill: '#fde7e6', strong: '#d6302b' },
    quiet: { text: '#454c54', fill: '#eaedf0', strong: '#79828c' },
  },
  dark: {
    good: { text: '#8ce0a0', fill: '#16361f', strong: '#40b45c' },
    busy: { text: '#9ccbff', fill: '#15304f', strong: '#4497f0' },
    warn: { text: '#f8cb7c', fill: '#40300f', strong: '#e09a26' },
    bad: { text: '#ffb1ac', fill: '#4d1d1d', strong: '#f0605a' },
    quiet: { text: '#c6ccd3', fill: '#33383e', strong: '#858e98' },
  },
};

/** The tones of one colour scheme as CSS variables: `--tone-good-text` and so on. */
export function toneVariables(scheme: 'light' | 'dark'): Record<string, string> {
  const entries = tones.flatMap((tone) =>
    Object.entries(tonePaints[scheme][tone]).map(([part, colour]) => [`--tone-${tone}-${part}`, colour] as const),
  );
  return Object.fromEntries(entries);
}
