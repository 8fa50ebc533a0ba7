import type { Clock } from '@flotilla/foundation';
import { apiTime } from '../objects/metadata.ts';
import type { ClusterClient } from './cluster-client.ts';
import type { Stored } from './kube-objects.ts';
import { templateHash } from './pod-template.ts';
import { events } from './resources.ts';

export interface Happening {
  readonly object: Stored;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The part of the object that it happened to, such as `spec.containers{main}`. */
  readonly fieldPath?: string;
}

interface StoredEvent extends Stored {
  readonly count?: number;
}

/** Writes events down; one that happens again counts up. */
export class EventRecorder {
  readonly #client: ClusterClient;
  readonly #clock: Clock;
  readonly #component: string;

  constructor(client: ClusterClient, clock: Clock, component: string) {
    this.#client = client;
    this.#clock = clock;
    this.#component = component;
  }

  async record(happening: Happening): Promise<void> {
    const { object, type, reason, message, fieldPath } = happening;
    const { namespace = 'default', name: objectName, uid, resourceVersion } = object.metadata;
    const name = `${objectName}.${templateHash({ uid, reason, message })}`;
    const now = apiTime(this.#clock.now());
    const before = this.#client.get<StoredEvent>(events, `${namespace}/${name}`);
    if (before) {
      await this.#client.mergePatch(events, before, { count: (before.count ?? 1) + 1, lastTimestamp: now });
      return;
    }
    const { apiVersion, kind } = object;
    const involvedObject = { apiVersion, kind, namespace, name: objectName, uid, resourceVersion, fieldPath };
    await this.#client.create(events, namespace, {
      metadata: { name, namespace },
      involvedObject,
      type,
      reason,
      message,
      source: { component: this.#component },
      reportingComponent: this.#component,
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
    });
  }
}
