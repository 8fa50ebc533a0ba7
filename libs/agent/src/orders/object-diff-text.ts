import type { ObjectDiff } from '@flotilla/contracts';
import { shortened } from '@flotilla/foundation';
import type { KubeObject, ManagedFields } from '@flotilla/model';
import {
  excerpts,
  lineDiff,
  maskSecrets,
  newestEntry,
  valueText,
  whoOwns,
  type FieldDifference,
} from '@flotilla/workload-manifests';
import { fieldManager, ourLabels } from '../names.ts';

const fieldsMax = 200;
const linesMax = 200;
const lineCharactersMax = 1_000;
const valueCharactersMax = 4_000;
const contentCharactersMax = 8_000;

/** The fields of an object that differ from what stands there, as an answer tells them. */
export function updateText(object: string, found: readonly FieldDifference[], live: KubeObject): ObjectDiff {
  const fields = found.slice(0, fieldsMax).map((difference) => fieldText(difference, live));
  const more = found.length - fields.length;
  return { object, change: 'update', fields, ...(more > 0 && { more }) };
}

/** As its author would have written it: what it is first, and without our own marks. */
export function contentText(object: KubeObject): string {
  const [masked] = maskSecrets([object]) as [KubeObject];
  const { apiVersion, kind, metadata, ...rest } = masked;
  const { name, namespace, labels = {}, annotations = {}, ...others } = metadata;
  const theirs = Object.entries(labels).filter(([label]) => !ourLabels.has(label));
  const head = {
    name,
    ...(namespace && { namespace }),
    ...(theirs.length > 0 && { labels: Object.fromEntries(theirs) }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...others,
  };
  return shortened(valueText({ apiVersion, kind, metadata: head, ...rest }), contentCharactersMax);
}

type FieldDiff = ObjectDiff['fields'][number];

function fieldText(difference: FieldDifference, object: KubeObject): FieldDiff {
  const author = authorOf(object, difference.path);
  return {
    path: shortened(difference.path, 1_000),
    ...sidesText(difference),
    ...(author && { manager: shortened(author.manager, 128), ...(author.time && { at: author.time }) }),
  };
}

/** Two texts of many lines by their lines, two long ones by the part that differs, everything else as it is. */
function sidesText({ live, desired }: FieldDifference): Pick<FieldDiff, 'live' | 'desired' | 'lines'> {
  if (typeof live === 'string' && typeof desired === 'string' && (live.includes('\n') || desired.includes('\n')))
    return { lines: boundedLines(lineDiff(live, desired)) };
  if (live === undefined) return { desired: shortened(valueText(desired), valueCharactersMax) };
  if (desired === undefined) return { live: shortened(valueText(live), valueCharactersMax) };
  const [liveText, desiredText] = [valueText(live), valueText(desired)];
  const sides = isLine(liveText) && isLine(desiredText) ? excerpts(liveText, desiredText) : [liveText, desiredText];
  const [shownLive = '', shownDesired = ''] = sides.map((text) => shortened(text, valueCharactersMax));
  return { live: shownLive, desired: shownDesired };
}

function isLine(text: string): boolean {
  return !text.includes('\n');
}

function boundedLines(lines: readonly string[]): string[] {
  const shown = lines.slice(0, linesMax).map((line) => shortened(line, lineCharactersMax));
  return lines.length > linesMax ? [...shown, `… and ${lines.length - linesMax} more lines`] : shown;
}

/** Whoever wrote what stands there, when it was not us. */
function authorOf(object: KubeObject, path: string): ManagedFields | undefined {
  return newestEntry(whoOwns(object, path).filter(({ manager }) => manager !== fieldManager));
}
