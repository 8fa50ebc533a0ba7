import type { Clock } from '@flotilla/foundation';
import { sha256 } from '@flotilla/foundation/node';
import { groupOf, type KubeObject } from '@flotilla/model';
import { applySet, marks } from '../names.ts';

/** What the API server took once says enough for this long: its rules and webhooks may be others later. */
const rememberedMs = 600_000;
/** Far more than the services of a cluster have shapes; whoever has more is asked about once more. */
const formsMax = 2_000;

/**
 * What the API server has just taken under another name in the same namespace. A fleet's services are much alike, and to
 * ask about each of a thousand equal ServiceAccounts costs as much as to make them.
 */
export class TakenForms {
  readonly #clock: Clock;
  readonly #taken = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether one like it was taken from the same ServiceAccount, or from the agent itself where none is named. */
  has(object: KubeObject, by = ''): boolean {
    const form = formOf(object, by);
    return form !== undefined && (this.#taken.get(form) ?? 0) > this.#clock.now();
  }

  add(object: KubeObject, by = ''): void {
    const form = formOf(object, by);
    if (form === undefined) return;
    if (this.#taken.size >= formsMax) this.#taken.clear();
    this.#taken.set(form, this.#clock.now() + rememberedMs);
  }

  /** Something was refused: what was taken before may be refused by now as well. */
  forget(): void {
    this.#taken.clear();
  }
}

/** Kinds of which a second one under another name is never refused for the sake of the first. */
const likeEachOther = new Set([
  '/ConfigMap',
  '/Secret',
  '/ServiceAccount',
  '/Service',
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'autoscaling/HorizontalPodAutoscaler',
  'batch/CronJob',
  'batch/Job',
  'networking.k8s.io/NetworkPolicy',
  'policy/PodDisruptionBudget',
]);

/** A name that is good for every kind. */
const plainName = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/;

/** A digest of all that an object says but for its own name, wherever that stands; nothing where its name matters. */
function formOf(object: KubeObject, by: string): string | undefined {
  const { apiVersion, kind, metadata } = object;
  if (!likeEachOther.has(`${groupOf(apiVersion)}/${kind}`) || !plainName.test(metadata.name)) return undefined;
  if (kind === 'Service' && claimsPlace(object)) return undefined;
  const labels = { ...metadata.labels, [marks.target]: undefined, [applySet.partOf]: undefined };
  const ownName = new RegExp(`(?<![a-z0-9-])${metadata.name}(?![a-z0-9-])`, 'g');
  const nameless = (_: string, value: unknown) =>
    typeof value === 'string' && value.length < textMax ? value.replaceAll(ownName, '\0') : value;
  const place = JSON.stringify([by, metadata.namespace]);
  // In the order in which it was written: one that says the same in another order is asked about once more.
  return sha256(`${place}\n${JSON.stringify({ ...object, metadata: { ...metadata, labels } }, nameless)}`);
}

/** Longer texts are compared as they are. */
const textMax = 1_000;

/** An address or a port that only one of them can have. */
function claimsPlace({ spec }: KubeObject): boolean {
  const { clusterIP = 'None', ports } = (spec ?? {}) as {
    clusterIP?: string;
    ports?: readonly { nodePort?: number }[];
  };
  return clusterIP !== 'None' || (Array.isArray(ports) && ports.some((port) => port?.nodePort !== undefined));
}
