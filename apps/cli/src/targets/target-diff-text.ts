import type { ObjectDiff } from '@flotilla/contracts';
import type { Tone, Tones } from '../output/tones.ts';
import { visible } from '../output/visible.ts';

type Change = ObjectDiff['change'];

const marks: Readonly<Record<Change, { readonly mark: string; readonly tone: Tone; readonly about: string }>> = {
  create: { mark: '+', tone: 'good', about: 'only in Git' },
  update: { mark: '~', tone: 'moving', about: 'differs' },
  delete: { mark: '-', tone: 'bad', about: 'only in the cluster' },
};

/** What one target's cluster would look like if it were as Git says: `-` is what stands there, `+` what shall. */
export function diffText(target: string, objects: readonly ObjectDiff[], tones: Tones): string {
  if (objects.length === 0) return '';
  return [tones.strong(visible(target)), ...objects.flatMap((object) => objectLines(object, tones)), ''].join('\n');
}

function objectLines({ object, change, fields }: ObjectDiff, tones: Tones): string[] {
  const { mark, tone, about } = marks[change];
  return [
    tones[tone](`${mark} ${visible(object)} (${about})`),
    ...fields.flatMap(({ path, live, desired, manager }) => [
      `    ${visible(path)}${manager ? tones.faint(` (changed by ${visible(manager)})`) : ''}`,
      ...(live === undefined ? [] : [tones.bad(`    - ${visible(live)}`)]),
      ...(desired === undefined ? [] : [tones.good(`    + ${visible(desired)}`)]),
    ]),
  ];
}
