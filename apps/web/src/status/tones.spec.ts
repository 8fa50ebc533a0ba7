import { describe, expect, it } from 'vitest';
import { theme, themeVariables } from '../app/theme.ts';
import { tonePaints, tones } from './tones.ts';

/** How bright a colour looks, from 0 to 1, as WCAG 2 defines it. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((left, right) => left - right);
  return (light! + 0.05) / (dark! + 0.05);
}

const pages = { light: ['#ffffff', surface('light')], dark: [theme.colors!.dark![7], surface('dark')] };

function surface(scheme: 'light' | 'dark'): string {
  return themeVariables({} as never)[scheme]['--surface']!;
}

describe.each(['light', 'dark'] as const)('the tones in %s', (scheme) => {
  it.each(tones)('%s can be read, and its marks can be told from the page', (tone) => {
    const { text, fill, strong } = tonePaints[scheme][tone];
    const letters = [fill, ...pages[scheme]].map((behind) => contrast(text, behind));
    const marks = pages[scheme].map((behind) => contrast(strong, behind));
    expect({ letters: Math.min(...letters) >= 4.5, marks: Math.min(...marks) >= 3 }).toEqual({
      letters: true,
      marks: true,
    });
  });
});
