import type { Cluster } from '../engine/cluster.ts';
import type { Change } from '../engine/object-store.ts';
import { replaceExisting } from '../engine/verbs/replace.ts';
import { deleteObject } from '../engine/write/delete-object.ts';
import type { WriteContext } from '../engine/write/write-context.ts';
import { metadataOf } from '../objects/metadata.ts';
import type { JsonDraft, JsonObject } from '../schema/schema-type.ts';
import { cleanupFinalizer, withCondition } from './definition-rules.ts';
import { serveDefinition } from './serve-definition.ts';

const definitions = { group: 'apiextensions.k8s.io', plural: 'customresourcedefinitions' };

/**
 * Keeps what is served in step with the custom resource definitions: accepts their names, serves their versions, and
 * deletes their objects before they go.
 */
export class CustomResources {
  readonly #cluster: Cluster;
  /** For each definition that is going, what stops watching its objects. */
  readonly #waiting = new Map<string, () => void>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    cluster.store(definitions).listen((change) => this.#follow(change));
  }

  /** Serves what the stored definitions say, after a snapshot was restored. */
  reload(): void {
    for (const name of this.#cluster.registry.customDefinitions()) this.#cluster.registry.setCustom(name, []);
    for (const [name, definition] of this.#cluster.store(definitions).entries()) {
      this.#cluster.registry.setCustom(name, serveDefinition(definition));
      if (metadataOf(definition).deletionTimestamp) this.#cluster.afterwards(() => this.#cleanUp(name));
    }
  }

  #follow({ type, key, object }: Change): void {
    if (type === 'DELETED') {
      this.#cluster.registry.setCustom(key, []);
      return;
    }
    this.#cluster.registry.setCustom(key, serveDefinition(object));
    // Not within the write itself: watchers shall see the writes in their order.
    if (metadataOf(object).deletionTimestamp) this.#cluster.afterwards(() => this.#cleanUp(key));
    else this.#cluster.afterwards(() => this.#accept(key));
  }

  /** Accepts the names of a new definition, and says that its resources can be used. */
  #accept(name: string): void {
    this.#updateStatus(name, (definition, time) => {
      const { names } = definition['spec'] as { names: JsonObject };
      const accepted = withCondition(definition['status'] as JsonObject, {
        type: 'NamesAccepted',
        status: 'True',
        lastTransitionTime: time,
        reason: 'NoConflicts',
        message: 'no conflicts found',
      });
      const established = withCondition(accepted, {
        type: 'Established',
        status: 'True',
        lastTransitionTime: time,
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      });
      return { ...established, acceptedNames: names };
    });
  }

  /** Deletes the objects of a definition that is going; it goes when the last of them is gone. */
  #cleanUp(name: string): void {
    const definition = this.#cluster.store(definitions).get(name);
    if (!definition || this.#waiting.has(name)) return;
    const { group, names } = definition['spec'] as unknown as { group: string; names: { plural: string } };
    const store = this.#cluster.store({ group, plural: names.plural });
    const finishWhenEmpty = () => {
      if (store.size === 0) this.#cluster.afterwards(() => this.#finish(name));
    };
    this.#waiting.set(name, store.listen(finishWhenEmpty));
    this.#updateStatus(name, (current, time) =>
      withCondition(current['status'] as JsonObject, {
        type: 'Terminating',
        status: 'True',
        lastTransitionTime: time,
        reason: 'InstanceDeletionInProgress',
        message: 'CustomResource deletion is in progress',
      }),
    );
    this.#deleteAll(group, names.plural);
    finishWhenEmpty();
  }

  #deleteAll(group: string, plural: string): void {
    const resource = this.#cluster.registry.findAnyVersion(group, plural);
    if (!resource) return;
    const options = {
      dryRun: false,
      gracePeriodSeconds: undefined,
      propagationPolicy: undefined,
      orphanDependents: undefined,
      preconditions: {},
    };
    for (const [, object] of this.#cluster.store(resource).entries()) {
      const { name, namespace = '' } = metadataOf(object);
      deleteObject({ cluster: this.#cluster, resource, namespace, name, options });
    }
  }

  #finish(name: string): void {
    this.#waiting.get(name)?.();
    this.#waiting.delete(name);
    const definition = this.#cluster.store(definitions).get(name);
    if (!definition) return;
    const draft: JsonDraft = structuredClone(definition);
    const finalizers = (metadataOf(definition).finalizers ?? []).filter((one) => one !== cleanupFinalizer);
    draft['metadata'].finalizers = finalizers;
    if (finalizers.length === 0) delete draft['metadata'].finalizers;
    replaceExisting(this.#context(name, ''), draft, definition);
  }

  #updateStatus(name: string, change: (definition: JsonObject, time: string) => JsonObject): void {
    const definition = this.#cluster.store(definitions).get(name);
    if (!definition) return;
    const draft = { ...structuredClone(definition), status: change(definition, this.#cluster.time()) } as JsonDraft;
    replaceExisting(this.#context(name, 'status'), draft, definition);
  }

  #context(name: string, subresource: string): WriteContext {
    const resource = this.#cluster.registry.findAnyVersion(definitions.group, definitions.plural)!;
    return {
      cluster: this.#cluster,
      resource,
      subresource,
      namespace: '',
      name,
      dryRun: false,
      manager: 'kube-apiserver',
      time: this.#cluster.time(),
      door: resource.doors[subresource]!,
      tools: this.#cluster.toolsFor(resource, false),
      warn: () => undefined,
    };
  }
}
