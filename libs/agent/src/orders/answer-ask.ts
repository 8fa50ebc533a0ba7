import { heldEntriesMax, type Answer, type Ask, type ObjectDiff } from '@flotilla/contracts';
import { Fault, mapLimited, shortened, toFault } from '@flotilla/foundation';
import { objectId, objectTitle, type DesiredEntry, type IgnoreRule } from '@flotilla/model';
import { contentDigest } from '@flotilla/model/node';
import { diffObjects, ignoreFields, maskSecrets, type FieldDifference } from '@flotilla/workload-manifests';
import type { DesiredObject } from '../apply/desired-object.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { TargetMemory } from '../reconcile/target-memory.ts';

const lookedAtOnceMax = 8;
const objectsMax = 500;
const fieldsMax = 1_000;
const valueCharactersMax = 4_000;

/** What an answer is made from. */
export interface AnswerParts {
  readonly cluster: ClusterApi;
  /** What is remembered of the target that is asked about. */
  readonly memory: TargetMemory | undefined;
  /** The entries of the set that is held. */
  readonly held: readonly DesiredEntry[];
}

/** Answers a question that only the cluster can answer. Secrets are masked here, before anything leaves. */
export async function answerAsk(
  { question }: Ask,
  { cluster, memory, held }: AnswerParts,
): Promise<Pick<Answer, 'diff' | 'held' | 'problem'>> {
  try {
    return question.kind === 'held' ? tellHeld(held) : await tellDiff(question.target, { cluster, memory });
  } catch (error) {
    return { problem: shortened(toFault(error).message, 2_000) };
  }
}

/** The set that is held, by name and digest: what a control plane that lost its record has to know before it goes on. */
function tellHeld(entries: readonly DesiredEntry[]): Pick<Answer, 'held' | 'problem'> {
  if (entries.length > heldEntriesMax)
    return { problem: `the agent holds ${entries.length} targets, and tells at most ${heldEntriesMax}` };
  const held = entries.map((entry) => {
    const { target, project, application, environment, suspended } = entry;
    return {
      target,
      project,
      application,
      environment,
      content: contentDigest(entry),
      ...(suspended && { suspended }),
    };
  });
  return { held };
}

async function tellDiff(
  target: string,
  { cluster, memory }: Pick<AnswerParts, 'cluster' | 'memory'>,
): Promise<Pick<Answer, 'diff' | 'problem'>> {
  if (!memory?.rendered) return { problem: `the agent has nothing rendered for target ${target} yet` };
  const { objects } = memory.rendered;
  const looked = objects.slice(0, objectsMax);
  const diffs = await mapLimited(looked, lookedAtOnceMax, (desired) =>
    diffOf(cluster, desired, memory.entry?.sync.ignore),
  );
  const wanted = new Set(objects.map(({ key }) => objectId(key)));
  const leftovers = memory.record.inventory.filter(({ key }) => !wanted.has(objectId(key)));
  const deletions = leftovers.map(({ key }): ObjectDiff => ({
    object: objectTitle(key),
    change: 'delete',
    fields: [],
  }));
  return { diff: [...diffs.filter((diff) => diff !== undefined), ...deletions.slice(0, objectsMax)] };
}

/** Compares with what the API server itself says it would make of the manifest. */
async function diffOf(
  cluster: ClusterApi,
  desired: DesiredObject,
  rules: readonly IgnoreRule[] = [],
): Promise<ObjectDiff | undefined> {
  const object = objectTitle(desired.key);
  const live = await cluster.get(desired.key);
  if (!live) return { object, change: 'create', fields: [] };
  const predicted = await cluster.apply(desired.object, { force: true, dryRun: true });
  if (predicted.kind !== 'applied')
    throw new Fault({
      code: 'conflict',
      reason: 'Conflict',
      message: `${object}: the API server refused a forced dry run`,
    });
  const [masked, expected] = maskSecrets([live, predicted.object]);
  const fields = diffObjects(ignoreFields({ live: masked, desired: expected, predicted: expected }, rules));
  return fields.length === 0
    ? undefined
    : { object, change: 'update', fields: fields.slice(0, fieldsMax).map(fieldText) };
}

function fieldText({ path, live, desired }: FieldDifference): ObjectDiff['fields'][number] {
  return {
    path: shortened(path, 1_000),
    ...(live !== undefined && { live: valueText(live) }),
    ...(desired !== undefined && { desired: valueText(desired) }),
  };
}

function valueText(value: unknown): string {
  return shortened(typeof value === 'string' ? value : JSON.stringify(value), valueCharactersMax);
}
