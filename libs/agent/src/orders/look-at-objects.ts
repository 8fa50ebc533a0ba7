import type { ObjectDiff } from '@flotilla/contracts';
import { Fault, mapLimited, toFault } from '@flotilla/foundation';
import { objectTitle, type IgnoreRule, type KubeObject } from '@flotilla/model';
import {
  diffObjects,
  effectiveRules,
  ignoreFields,
  maskSecrets,
  type FieldDifference,
} from '@flotilla/workload-manifests';
import { actingCluster } from '../apply/acting-cluster.ts';
import type { DesiredObject } from '../apply/desired-object.ts';
import { isScaledByOthers, replicasField, scaledRule } from '../apply/scaled-objects.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { TargetMemory } from '../reconcile/target-memory.ts';
import { contentText, updateText } from './object-diff-text.ts';

const lookedAtOnceMax = 8;
/** Of a larger target the first are looked at. */
export const objectsMax = 500;

/** One object of a target next to what stands in the cluster. */
export interface SeenObject {
  readonly desired: DesiredObject;
  readonly live: KubeObject | undefined;
  /** How the two differ; nothing where they do not. */
  readonly diff: ObjectDiff | undefined;
  /** Why the API server would not take it. */
  readonly refusal?: Fault;
}

export interface LookOptions {
  /** What is refused is told as such, instead of standing in the way of all the others. */
  readonly toleratesRefusals: boolean;
}

/** Compares what is rendered with the cluster, object by object, and changes nothing. */
export function lookAtObjects(
  cluster: ClusterApi,
  { entry, rendered }: TargetMemory,
  { toleratesRefusals }: LookOptions,
): Promise<readonly SeenObject[]> {
  const rules = entry?.sync.ignore ?? [];
  const acting = actingCluster(cluster, entry);
  return mapLimited((rendered?.objects ?? []).slice(0, objectsMax), lookedAtOnceMax, async (desired) => {
    const live = await acting.get(desired.key);
    if (!live) return { desired, live, diff: creation(desired) };
    const ignored = effectiveRules(desired.object, rules);
    try {
      return { desired, live, diff: await updateOf(acting, { desired, live, ignored }) };
    } catch (error) {
      const refusal = toFault(error);
      if (!toleratesRefusals || !isRefusal(refusal)) throw error;
      return { desired, live, diff: await guessedUpdate(acting, { desired, live, ignored }), refusal };
    }
  });
}

function creation({ key, object }: DesiredObject): ObjectDiff {
  return { object: objectTitle(key), change: 'create', fields: [], content: contentText(object) };
}

interface Update {
  readonly desired: DesiredObject;
  readonly live: KubeObject;
  readonly ignored: readonly IgnoreRule[];
}

/** Compares with what the API server itself says it would make of the manifest. */
async function updateOf(cluster: ClusterApi, update: Update): Promise<ObjectDiff | undefined> {
  const predicted = await predict(cluster, update.desired);
  return shownUpdate(cluster, update, predicted);
}

/** Where the API server says nothing but no: what the manifest names and the cluster does not have so. */
function guessedUpdate(cluster: ClusterApi, update: Update): Promise<ObjectDiff | undefined> {
  return shownUpdate(cluster, update, undefined);
}

async function shownUpdate(
  cluster: ClusterApi,
  { desired: { key, object }, live, ignored }: Update,
  predicted: KubeObject | undefined,
): Promise<ObjectDiff | undefined> {
  const [masked, expected] = maskSecrets([live, predicted ?? object]) as [KubeObject, KubeObject];
  const sides = { live: masked, desired: expected, ...(predicted && { predicted: expected }) };
  const differ = (rules: readonly IgnoreRule[]): FieldDifference[] => diffObjects(ignoreFields(sides, rules));
  const found = differ(ignored);
  const isScaled = found.some(({ path }) => path === replicasField) && (await isScaledByOthers(cluster, key));
  const shown = isScaled ? differ([...ignored, scaledRule]) : found;
  return shown.length === 0 ? undefined : updateText(objectTitle(key), shown, live);
}

async function predict(cluster: ClusterApi, { key, object }: DesiredObject): Promise<KubeObject> {
  const predicted = await cluster.apply(object, { force: true, dryRun: true });
  if (predicted.kind === 'applied') return predicted.object;
  const message = `${objectTitle(key)}: the API server refused a forced dry run`;
  throw new Fault({ code: 'conflict', reason: 'Conflict', message });
}

const refusing: readonly Fault['code'][] = ['invalid', 'forbidden', 'conflict', 'not-found', 'too-large', 'too-many'];

/** It was heard and answered; whoever was not heard says nothing of the object. */
function isRefusal({ code, reason }: Fault): boolean {
  return refusing.includes(code) || reason === 'DryRunUnsupported';
}
