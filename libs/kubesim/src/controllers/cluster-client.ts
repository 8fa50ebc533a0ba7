import type { ClusterView } from '../engine/cluster-view.ts';
import { equalValues } from '../fields/values.ts';
import type { KubeSim } from '../kube-sim.ts';
import { StatusFault } from '../problems/status-fault.ts';
import type { Json, JsonObject } from '../schema/schema-type.ts';
import type { Stored } from './kube-objects.ts';
import { pathOf, pods, type Resource } from './resources.ts';

export interface ClusterClientOptions {
  readonly sim: KubeSim;
  /** The program that asks: it becomes the manager of the fields it writes. */
  readonly program: 'kube-controller-manager' | 'kube-scheduler' | 'kubelet';
}

export interface DeleteWords {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
}

/** What a controller may do: look at what is stored, and write through requests like everybody else. */
export class ClusterClient {
  readonly view: ClusterView;
  readonly #sim: KubeSim;
  readonly #program: string;

  constructor({ sim, program }: ClusterClientOptions) {
    this.view = sim.view;
    this.#sim = sim;
    this.#program = program;
  }

  // The kind is the caller's word: controllers know what they keep.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  get<Kind extends Stored>(resource: Resource, key: string): Kind | undefined {
    const [namespace, name] = key.includes('/') ? key.split('/') : ['', key];
    return this.view.get(resource, namespace!, name!) as unknown as Kind | undefined;
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
  list<Kind extends Stored>(resource: Resource, namespace?: string): readonly Kind[] {
    return this.view.list(resource, namespace) as unknown as readonly Kind[];
  }

  create(resource: Resource, namespace: string, object: object): Promise<Stored> {
    return this.#ask('POST', pathOf(resource, namespace), object);
  }

  /** Refused when the object has changed since it was read. */
  update(resource: Resource, object: Stored, subresource?: 'status' | 'finalize'): Promise<Stored> {
    const { namespace, name } = object.metadata;
    return this.#ask('PUT', pathOf(resource, namespace, name, ...(subresource ? [subresource] : [])), object);
  }

  /** Writes a status if it says something new. */
  async writeStatus(resource: Resource, object: Stored & { readonly status?: object }, status: object): Promise<void> {
    const before = (object.status ?? null) as Json;
    if (!equalValues(status as JsonObject, before))
      await this.update(resource, { ...object, status } as Stored, 'status');
  }

  mergePatch(resource: Resource, { metadata }: Stored, patch: object): Promise<Stored> {
    return this.#ask('PATCH', pathOf(resource, metadata.namespace, metadata.name), patch);
  }

  bind({ metadata }: Stored, node: string): Promise<Stored> {
    const { namespace, name } = metadata;
    const binding = { metadata: { name, namespace }, target: { kind: 'Node', name: node } };
    return this.#ask('POST', pathOf(pods, namespace, name, 'binding'), binding);
  }

  /** Only this very object, never one that came in its place. Gone already is as good as deleted. */
  async delete(resource: Resource, { metadata }: Stored, words: DeleteWords = {}): Promise<void> {
    const options = { ...words, preconditions: { uid: metadata.uid } };
    await this.#ask('DELETE', pathOf(resource, metadata.namespace, metadata.name), options).catch(unlessNotFound);
  }

  async deleteAll(resource: Resource, namespace: string): Promise<void> {
    await this.#ask('DELETE', pathOf(resource, namespace), {});
  }

  async #ask(method: string, path: string, body: object): Promise<Stored> {
    const answer = await this.#sim.handle({
      method,
      path,
      query: new URLSearchParams(),
      headers: {
        'user-agent': this.#program,
        'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      },
      body: JSON.stringify(body),
    });
    const read = JSON.parse(answer.body as string) as unknown;
    if (answer.status >= 300) throw new StatusFault(read as Refused);
    return read as Stored;
  }
}

interface Refused {
  readonly code: number;
  readonly reason?: string;
  readonly message: string;
}

function unlessNotFound(error: unknown): void {
  if (!(error instanceof StatusFault && error.code === 'not-found')) throw error;
}
