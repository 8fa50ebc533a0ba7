import type { ObjectDiff } from '@flotilla/contracts';
import { Fault, mapLimited, shortened } from '@flotilla/foundation';
import { objectId, objectTitle, type IgnoreRule, type KubeObject, type ManagedFields } from '@flotilla/model';
import {
  diffObjects,
  effectiveRules,
  excerpts,
  ignoreFields,
  lineDiff,
  maskSecrets,
  newestEntry,
  type FieldDifference,
  valueText,
  whoOwns,
} from '@flotilla/workload-manifests';
import { actingCluster } from '../apply/acting-cluster.ts';
import type { DesiredObject } from '../apply/desired-object.ts';
import { isScaledByOthers, replicasField, scaledRule } from '../apply/scaled-objects.ts';
import { fieldManager, ourLabels } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { TargetMemory } from '../reconcile/target-memory.ts';

const lookedAtOnceMax = 8;
const objectsMax = 500;
const fieldsMax = 200;
const linesMax = 200;
const lineCharactersMax = 1_000;
const valueCharactersMax = 4_000;
const contentCharactersMax = 8_000;
/** What all objects of one answer may say; those that come after say how many of their fields differ. */
const charactersMax = 500_000;

/** How what is rendered differs from the cluster, object by object. Secrets are masked here, before anything leaves. */
export async function tellDiff(cluster: ClusterApi, memory: TargetMemory): Promise<ObjectDiff[]> {
  const objects = memory.rendered?.objects ?? [];
  const rules = memory.entry?.sync.ignore ?? [];
  const acting = actingCluster(cluster, memory.entry);
  const diffs = await mapLimited(objects.slice(0, objectsMax), lookedAtOnceMax, (desired) =>
    diffOf(acting, desired, effectiveRules(desired.object, rules)),
  );
  const wanted = new Set(objects.map(({ key }) => objectId(key)));
  const leftovers = memory.record.inventory.filter(({ key }) => !wanted.has(objectId(key)));
  const deletions = leftovers.map(({ key }) => ({ object: objectTitle(key), change: 'delete' as const, fields: [] }));
  return [...bounded(diffs.filter((diff) => diff !== undefined)), ...deletions.slice(0, objectsMax)];
}

/** Compares with what the API server itself says it would make of the manifest. */
async function diffOf(
  cluster: ClusterApi,
  desired: DesiredObject,
  rules: readonly IgnoreRule[],
): Promise<ObjectDiff | undefined> {
  const object = objectTitle(desired.key);
  const live = await cluster.get(desired.key);
  if (!live) return { object, change: 'create', fields: [], content: contentText(desired.object) };
  const predicted = await predict(cluster, desired);
  const [masked, expected] = maskSecrets([live, predicted]) as [KubeObject, KubeObject];
  const differ = (ignored: readonly IgnoreRule[]) =>
    diffObjects(ignoreFields({ live: masked, desired: expected, predicted: expected }, ignored));
  const found = differ(rules);
  const isScaled = found.some(({ path }) => path === replicasField) && (await isScaledByOthers(cluster, desired.key));
  const shown = isScaled ? differ([...rules, scaledRule]) : found;
  if (shown.length === 0) return undefined;
  const fields = shown.slice(0, fieldsMax).map((difference) => fieldText(difference, live));
  const more = shown.length - fields.length;
  return { object, change: 'update', fields, ...(more > 0 && { more }) };
}

async function predict(cluster: ClusterApi, { key, object }: DesiredObject): Promise<KubeObject> {
  const predicted = await cluster.apply(object, { force: true, dryRun: true });
  if (predicted.kind === 'applied') return predicted.object;
  const message = `${objectTitle(key)}: the API server refused a forced dry run`;
  throw new Fault({ code: 'conflict', reason: 'Conflict', message });
}

/** As its author would have written it: what it is first, and without our own marks. */
function contentText(object: KubeObject): string {
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

/** An answer has an end: what no longer fits is counted. */
function bounded(diffs: readonly ObjectDiff[]): ObjectDiff[] {
  let left = charactersMax;
  return diffs.map((diff) => {
    left -= JSON.stringify(diff).length;
    if (left >= 0) return diff;
    const { object, change, fields, more = 0 } = diff;
    return { object, change, fields: [], ...(change === 'update' && { more: more + fields.length }) };
  });
}
