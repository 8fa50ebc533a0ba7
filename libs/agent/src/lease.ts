import { z } from 'zod';
import { every, type Clock, type Running } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import { agentObjects } from './names.ts';
import type { ClusterApi } from './ports/cluster-api.port.ts';

export interface LeaseOptions {
  readonly cluster: ClusterApi;
  readonly clock: Clock;
  readonly namespace: string;
  readonly instance: string;
  readonly onError: (error: unknown) => void;
  /** Another instance holds the Lease now: this one must stop at once. */
  readonly onLost: () => void;
}

/** As many hand-overs as the API server can count. */
const transitionsMax = 2 ** 31 - 1;

/** Whoever may write in our namespace may write anything here: what makes no sense counts as not said. */
const leaseSpecSchema = z
  .object({
    holderIdentity: z.string().optional().catch(undefined),
    leaseDurationSeconds: z.number().min(0).max(600).optional().catch(undefined),
    renewTime: z.string().optional().catch(undefined),
    leaseTransitions: z.int().min(0).max(transitionsMax).optional().catch(undefined),
  })
  .catch({});

type LeaseSpec = z.output<typeof leaseSpecSchema>;

/** `raced`: somebody else wrote in between, which may have been anybody. */
type Taken = 'held' | 'held by another' | 'raced';

const durationMs = 10_000;
const renewMs = 3_000;
const retryMs = 1_000;

/**
 * The Lease that says which instance of the agent speaks for this cluster. How often it changed hands travels with
 * every message, so that two who both believe they hold it can be told apart.
 */
export class AgentLease implements Running {
  readonly #options: LeaseOptions;
  #transitions = 0;
  #heldUntil = 0;
  /**
   * The version of the Lease that was seen last, and since when. Whether it runs out is told by how long we see it
   * unchanged: the clock of whoever wrote its times may be hours from ours.
   */
  #seen: { readonly version: string | undefined; readonly at: number } | undefined;
  #renewing: Running | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  get transitions(): number {
    return this.#transitions;
  }

  /** False while the API server does not confirm it: then nobody may be told anything in this cluster's name. */
  get isHeld(): boolean {
    return this.#options.clock.now() < this.#heldUntil;
  }

  /** Waits for the Lease and keeps it from then on. */
  async acquire(signal: AbortSignal): Promise<void> {
    const { clock, onError } = this.#options;
    const take = () => this.#take().catch((error: unknown): Taken => (onError(error), 'raced'));
    while (!signal.aborted && (await take()) !== 'held') await clock.sleep(retryMs, signal);
    if (signal.aborted) return;
    this.#renewing = every({ clock, intervalMs: renewMs, run: () => this.#renew(), onError });
  }

  /** Gives the Lease back, so that a successor need not wait for it to run out. */
  async stop(): Promise<void> {
    await this.#renewing?.stop();
    const released = { holderIdentity: '', leaseTransitions: this.#transitions };
    if (this.isHeld) await this.#write(released).catch(() => undefined);
    this.#heldUntil = 0;
  }

  async #take(): Promise<Taken> {
    const { cluster, clock, instance } = this.#options;
    const lease = (await cluster.get(this.#key())) ?? (await cluster.create(this.#object(firstSpec(clock.now()))));
    if (!lease) return 'raced';
    const spec = leaseSpecSchema.parse(lease.spec);
    const isMine = spec.holderIdentity === instance;
    if (spec.holderIdentity && !isMine && this.#isRenewed(lease, spec)) return 'held by another';
    const { leaseTransitions: known = firstSpec(clock.now()).leaseTransitions } = spec;
    const leaseTransitions = Math.min(known + (isMine ? 0 : 1), transitionsMax);
    if (!(await this.#write({ holderIdentity: instance, leaseTransitions }, lease))) return 'raced';
    this.#transitions = leaseTransitions;
    return 'held';
  }

  #isRenewed({ metadata }: KubeObject, { leaseDurationSeconds = 0 }: LeaseSpec): boolean {
    const now = this.#options.clock.now();
    const version = metadata.resourceVersion;
    const seen = this.#seen?.version === version ? this.#seen! : { version, at: now };
    this.#seen = seen;
    return now - seen.at < leaseDurationSeconds * 1_000;
  }

  /** Losing a race is not losing the Lease: as long as nobody else holds it, the next round tries again. */
  async #renew(): Promise<void> {
    if ((await this.#take()) !== 'held by another') return;
    this.#heldUntil = 0;
    this.#options.onLost();
  }

  /** False when somebody else wrote in between. */
  async #write(spec: LeaseSpec, before?: KubeObject): Promise<boolean> {
    const { cluster, clock } = this.#options;
    const now = clock.now();
    const full = { ...spec, leaseDurationSeconds: durationMs / 1_000, renewTime: microTime(now) };
    const resourceVersion = before?.metadata.resourceVersion;
    const written = await cluster.mergePatch(this.#key(), {
      metadata: resourceVersion ? { resourceVersion } : {},
      spec: full,
    });
    if (written) this.#heldUntil = now + durationMs;
    return written !== undefined;
  }

  #key() {
    return {
      group: 'coordination.k8s.io',
      kind: 'Lease',
      namespace: this.#options.namespace,
      name: agentObjects.lease,
    };
  }

  #object(spec: LeaseSpec): KubeObject {
    const { name, namespace } = this.#key();
    return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace }, spec };
  }
}

/**
 * A Lease that somebody deleted, with all it counted, comes back with a count that is higher than any it had: the control
 * plane takes no report of a lower one, and would never hear this cluster again.
 */
function firstSpec(now: number): { readonly leaseTransitions: number } {
  return { leaseTransitions: Math.floor(now / 1_000) };
}

function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
