import type { Clock } from '@flotilla/foundation';
import { apiTime } from '../../objects/metadata.ts';
import type { ObservedChange } from '../../engine/cluster.ts';
import type { ClusterClient } from '../cluster-client.ts';
import type { Controller } from '../controller.ts';
import { EventRecorder } from '../events.ts';
import { itself } from '../keys.ts';
import type { Pod, PodStatus } from '../kube-objects.ts';
import { isReady } from '../pod-facts.ts';
import { pods } from '../resources.ts';
import { fateOf, troubleOf } from './container-fate.ts';
import {
  crashBackoffMs,
  crashedStatus,
  finishedStatus,
  pullError,
  runningStatus,
  startingStatus,
  unpullableStatus,
} from './pod-states.ts';

export interface KubeletOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  /** How long a container takes to start, and to stop. */
  readonly readyAfterMs: number;
  /** How long a pod works that is to end by itself. */
  readonly workMs: number;
}

/**
 * Runs no containers, but says of them what a kubelet would: they start, become ready, end, crash or cannot be pulled.
 */
export class Kubelet implements Controller {
  readonly name = 'kubelet';
  readonly #options: KubeletOptions;
  readonly #events: EventRecorder;
  /** When the next step of a pod is due, by its uid. Lost with the process, and then begun anew. */
  readonly #dueAt = new Map<string, number>();

  constructor(options: KubeletOptions) {
    this.#options = options;
    this.#events = new EventRecorder(options.client, options.clock, 'kubelet');
  }

  affectedBy(change: ObservedChange): readonly string[] {
    const keys = itself(change, pods);
    const pod = change.object as unknown as Pod;
    if (keys.length > 0 && change.type === 'DELETED') this.#forget(pod);
    return pod.spec?.nodeName ? keys : [];
  }

  async reconcile(key: string): Promise<number | undefined> {
    const pod = this.#options.client.get<Pod>(pods, key);
    if (!pod?.spec.nodeName) return undefined;
    const { deletionTimestamp } = pod.metadata;
    if (deletionTimestamp === undefined && !hasStarted(pod)) return this.#start(pod);
    if (deletionTimestamp === undefined && isAtRest(pod)) return undefined;
    const waitMs = this.#waitMs(pod);
    if (waitMs > 0) return waitMs;
    return deletionTimestamp === undefined ? this.#advance(pod) : this.#stop(pod);
  }

  async #start(pod: Pod): Promise<number> {
    this.#dueAt.delete(pod.metadata.uid);
    await this.#write(pod, startingStatus(pod, this.#time()));
    return this.#waitMs(pod);
  }

  async #advance(pod: Pod): Promise<number | undefined> {
    const trouble = troubleOf(pod);
    const staysUp = pod.spec.restartPolicy === 'Always';
    if (!trouble && (staysUp || pod.status?.phase !== 'Running')) {
      await this.#write(pod, runningStatus(pod, this.#time()));
      return staysUp ? undefined : this.#again(pod, this.#options.workMs);
    }
    if (trouble && fateOf(trouble.container) === 'cannot be pulled') return this.#failToPull(pod, trouble);
    if (trouble && pod.spec.restartPolicy !== 'Never') return this.#crash(pod, trouble);
    await this.#write(pod, finishedStatus(pod, this.#time()));
    return undefined;
  }

  async #failToPull(pod: Pod, { container, isInit }: NonNullable<ReturnType<typeof troubleOf>>): Promise<undefined> {
    const { image } = container;
    await this.#write(pod, unpullableStatus(pod, this.#time()));
    const fieldPath = `spec.${isInit ? 'initContainers' : 'containers'}{${container.name}}`;
    const warn = (reason: string, message: string) =>
      this.#events.record({ object: pod, type: 'Warning', reason, message, fieldPath });
    await warn('Failed', `Failed to pull image "${image}": ${pullError(image)}`);
    await warn('Failed', 'Error: ErrImagePull');
    await warn('BackOff', `Back-off pulling image "${image}"`);
  }

  async #crash(pod: Pod, { container }: NonNullable<ReturnType<typeof troubleOf>>): Promise<number> {
    const status = crashedStatus(pod, this.#time());
    await this.#write(pod, status);
    const { name, namespace, uid } = pod.metadata;
    const message = `Back-off restarting failed container ${container.name} in pod ${name}_${namespace}(${uid})`;
    await this.#events.record({ object: pod, type: 'Warning', reason: 'BackOff', message });
    const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
    const restarts = all.find((candidate) => candidate.name === container.name)?.restartCount ?? 0;
    return this.#again(pod, crashBackoffMs(restarts));
  }

  /** Its containers have stopped, so nothing is left to wait for. */
  async #stop(pod: Pod): Promise<undefined> {
    await this.#options.client.delete(pods, pod, { gracePeriodSeconds: 0 });
  }

  #waitMs({ metadata }: Pod): number {
    const now = this.#options.clock.now();
    const key = metadata.deletionTimestamp ? goingKey(metadata.uid) : metadata.uid;
    if (!this.#dueAt.has(key)) this.#dueAt.set(key, now + this.#options.readyAfterMs);
    return this.#dueAt.get(key)! - now;
  }

  #again({ metadata }: Pod, afterMs: number): number {
    this.#dueAt.set(metadata.uid, this.#options.clock.now() + afterMs);
    return afterMs;
  }

  #forget({ metadata }: Pod): void {
    this.#dueAt.delete(metadata.uid);
    this.#dueAt.delete(goingKey(metadata.uid));
  }

  async #write(pod: Pod, status: PodStatus): Promise<void> {
    await this.#options.client.update(pods, { ...pod, status } as Pod, 'status');
  }

  #time(): string {
    return apiTime(this.#options.clock.now());
  }
}

/** Its end has a time of its own, whatever else was due. */
function goingKey(uid: string): string {
  return `${uid} going`;
}

/** Whether its status is about the containers that it has now. */
function hasStarted({ spec, status }: Pod): boolean {
  const images = status?.containerStatuses?.map(({ image }) => image).join();
  return status?.startTime !== undefined && images === spec.containers.map(({ image }) => image).join();
}

function isAtRest(pod: Pod): boolean {
  const { phase } = pod.status ?? {};
  if (phase === 'Succeeded' || phase === 'Failed') return true;
  if (isReady(pod)) return pod.spec.restartPolicy === 'Always';
  const all = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return all.some(({ state }) => state.waiting?.reason === 'ImagePullBackOff');
}
