import type { Clock } from '@flotilla/foundation';
import { kindId, type GroupKind, type KubeObject } from '@flotilla/model';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

export interface GoneKindsOptions {
  readonly cluster: ClusterApi;
  readonly clock: Clock;
}

const definitions: GroupKind = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };

/** Whoever takes a definition away to bring another one, or a server that is just starting, is done by then. */
const certainAfterMs = 30_000;

/** Groups that an API server serves without any definition: that one of these is missing says nothing but that it is silent. */
const builtin = /^([^.]*|[^.]+\.k8s\.io|(rbac\.authorization|flowcontrol\.apiserver|internal\.apiserver)\.k8s\.io)$/;

/**
 * Kinds that are not there any more, and with them every object that they had. What an API server says it serves may leave
 * a group out for a while, so it is not believed alone: no definition holds the kind either, read afresh, and both are so
 * for a while. An error on the way says nothing.
 */
export class GoneKinds {
  readonly #options: GoneKindsOptions;
  readonly #missingSince = new Map<string, number>();

  constructor(options: GoneKindsOptions) {
    this.#options = options;
  }

  async isGone(kind: GroupKind): Promise<boolean> {
    const id = kindId(kind);
    const now = this.#options.clock.now();
    if (builtin.test(kind.group) || !(await this.#isMissing(kind))) {
      this.#missingSince.delete(id);
      return false;
    }
    const since = this.#missingSince.get(id) ?? now;
    this.#missingSince.set(id, since);
    return now - since >= certainAfterMs;
  }

  /** Asked as the agent itself: whom an application acts as may not look at definitions, and that proves nothing. */
  async #isMissing(kind: GroupKind): Promise<boolean> {
    const { cluster } = this.#options;
    try {
      await cluster.refreshKinds();
      if (await cluster.kindOf(kind)) return false;
      return !(await cluster.list(definitions, {})).some((definition) => isAbout(definition, kind));
    } catch {
      return false;
    }
  }
}

function isAbout({ spec }: KubeObject, { group, kind }: GroupKind): boolean {
  const { group: defined, names } = (spec ?? {}) as { group?: string; names?: { kind?: string } };
  return defined === group && names?.kind === kind;
}
