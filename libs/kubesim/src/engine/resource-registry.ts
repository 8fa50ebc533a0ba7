import { builtin } from './builtin-resources.ts';
import type { ServedResource } from './served-resource.ts';

/** What a cluster serves: the built-in resources, and those of its custom resource definitions. */
export class ResourceRegistry {
  readonly #served = new Map<string, ServedResource>();
  readonly #customKeys = new Map<string, readonly string[]>();

  constructor() {
    for (const resource of builtin) this.#served.set(keyOf(resource), resource);
  }

  find(group: string, version: string, plural: string): ServedResource | undefined {
    return this.#served.get(`${group}/${version}/${plural}`);
  }

  /** The resource at any version, the preferred one first. */
  findAnyVersion(group: string, plural: string): ServedResource | undefined {
    return this.all().find((resource) => resource.group === group && resource.plural === plural);
  }

  findKind(apiVersion: string, kind: string): ServedResource | undefined {
    return this.all().find((resource) => resource.apiVersion === apiVersion && resource.kind === kind);
  }

  all(): readonly ServedResource[] {
    return [...this.#served.values()];
  }

  hasGroup(group: string): boolean {
    return this.all().some((resource) => resource.group === group);
  }

  /** The names of the definitions that are served. */
  customDefinitions(): readonly string[] {
    return [...this.#customKeys.keys()];
  }

  /** Serves the versions of a custom resource, in place of those it had before. */
  setCustom(definition: string, resources: readonly ServedResource[]): void {
    for (const key of this.#customKeys.get(definition) ?? []) this.#served.delete(key);
    for (const resource of resources) this.#served.set(keyOf(resource), resource);
    if (resources.length > 0) this.#customKeys.set(definition, resources.map(keyOf));
    else this.#customKeys.delete(definition);
  }
}

function keyOf({ group, version, plural }: ServedResource): string {
  return `${group}/${version}/${plural}`;
}
