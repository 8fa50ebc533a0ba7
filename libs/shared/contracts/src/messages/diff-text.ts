import { authorText } from '@flotilla/model';
import type { ObjectDiff } from './ask.ts';

/** One line of a diff for people: what kind it is says how it looks, its text says it without colours as well. */
export interface DiffLine {
  readonly kind: 'object' | 'field' | 'live' | 'desired' | 'same' | 'more';
  readonly text: string;
}

type FieldDiff = ObjectDiff['fields'][number];

/**
 * How a cluster differs from Git, for every place that shows it: `-` is what stands there, `+` what shall. Programs that
 * colour diffs know these lines, and so does Markdown.
 */
export function diffLines(objects: readonly ObjectDiff[]): DiffLine[] {
  return objects.flatMap((object) => [
    { kind: 'object', text: oneLine(`=== ${object.object}: ${changeText(object)}`) },
    ...object.fields.flatMap(fieldLines),
    ...sideLines('desired', object.content),
    ...(object.more ? [moreLine(object.more)] : []),
  ]);
}

/** The same as one text. */
export function diffText(objects: readonly ObjectDiff[]): string {
  return diffLines(objects)
    .map(({ text }) => `${text}\n`)
    .join('');
}

function changeText({ change, fields, more = 0 }: ObjectDiff): string {
  if (change === 'create') return 'is only in Git';
  if (change === 'delete') return 'is only in the cluster';
  const count = fields.length + more;
  return count === 1 ? '1 field differs' : `${count} fields differ`;
}

function fieldLines(field: FieldDiff): DiffLine[] {
  const { path, live, desired, lines, manager, at } = field;
  const author = manager === undefined ? '' : ` (${authorText({ manager, at })})`;
  return [
    { kind: 'field', text: oneLine(`@@ ${path}${author}`) },
    ...(lines ?? []).map(hunkLine),
    ...sideLines('live', live),
    ...sideLines('desired', desired),
  ];
}

const signs = { live: '-', desired: '+' } as const;

function sideLines(kind: 'live' | 'desired', value: string | undefined): DiffLine[] {
  return (value?.split('\n') ?? []).map((line) => ({ kind, text: `${signs[kind]}${line}` }));
}

const kinds: Readonly<Record<string, DiffLine['kind']>> = { '-': 'live', '+': 'desired', '@': 'field', ' ': 'same' };

function hunkLine(text: string): DiffLine {
  return { kind: kinds[text.charAt(0)] ?? 'more', text: oneLine(text) };
}

/** A name may hold anything; a line of its own would be taken for one of ours. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}

function moreLine(count: number): DiffLine {
  return { kind: 'more', text: `… and ${count} more ${count === 1 ? 'field' : 'fields'}` };
}
