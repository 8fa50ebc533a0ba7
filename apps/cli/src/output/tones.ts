import picocolors from 'picocolors';
import type { Output } from '../world.ts';

/** Colours by what they mean. Without colours each gives back the text as it is. */
export interface Tones {
  good(text: string): string;
  moving(text: string): string;
  bad(text: string): string;
  faint(text: string): string;
  strong(text: string): string;
}

export type Tone = keyof Tones;

/** Colours for a terminal only, unless a person says otherwise; `NO_COLOR` is heard. */
export function tonesFor(
  output: Output,
  when: 'auto' | 'always' | 'never' = 'auto',
  environment: Readonly<Record<string, string | undefined>> = {},
): Tones {
  const plain = Boolean(environment['NO_COLOR']) || environment['TERM'] === 'dumb' || !output.isTerminal;
  const { green, yellow, red, dim, bold } = picocolors.createColors(when === 'always' || (when === 'auto' && !plain));
  return { good: green, moving: yellow, bad: red, faint: dim, strong: bold };
}
