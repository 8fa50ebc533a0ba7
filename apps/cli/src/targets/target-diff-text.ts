import { diffLines, type DiffLine, type ObjectDiff } from '@flotilla/contracts';
import type { Tone, Tones } from '../output/tones.ts';
import { visible } from '../output/visible.ts';

const tones: Readonly<Record<DiffLine['kind'], Tone | undefined>> = {
  object: 'strong',
  field: 'moving',
  live: 'bad',
  desired: 'good',
  same: undefined,
  more: 'faint',
};

/** What one target's cluster would look like if it were as Git says: `-` is what stands there, `+` what shall. */
export function targetDiffText(target: string, objects: readonly ObjectDiff[], colours: Tones): string {
  if (objects.length === 0) return '';
  return [colours.strong(visible(target)), ...diffLines(objects).map((line) => lineText(line, colours)), ''].join('\n');
}

function lineText({ kind, text }: DiffLine, colours: Tones): string {
  const tone = tones[kind];
  return tone ? colours[tone](visible(text)) : visible(text);
}
