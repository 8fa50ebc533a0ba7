import { kindId, type GroupKind } from '@flotilla/model';

/** How one kind is served: enough to build its paths and to know what may be asked. */
export interface KindInfo extends GroupKind {
  readonly version: string;
  /** The kind as it stands in paths: `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
}

/** What an API server serves, as of one moment. */
export class KindTable {
  /** In the server's order: of one kind, the version it prefers comes first. */
  readonly all: readonly KindInfo[];
  /** Groups that did not answer, or not with what is current. A kind missing from them may well exist. */
  readonly failedGroups: readonly string[];
  readonly #byKind: ReadonlyMap<string, readonly KindInfo[]>;

  constructor({ all, failedGroups }: Pick<KindTable, 'all' | 'failedGroups'>) {
    this.all = all;
    this.failedGroups = failedGroups;
    this.#byKind = Map.groupBy(all, kindId);
  }

  /** The kind in this version, or in the one the server prefers. */
  resolve(groupKind: GroupKind, version?: string): KindInfo | undefined {
    const served = this.#byKind.get(kindId(groupKind));
    return version === undefined ? served?.[0] : served?.find((info) => info.version === version);
  }

  versionsOf(groupKind: GroupKind): readonly string[] {
    return (this.#byKind.get(kindId(groupKind)) ?? []).map(({ version }) => version);
  }
}

/** A kind as it is written in a manifest: `apps/v1 Deployment`. */
export function kindTitle({ group, kind }: GroupKind, version?: string): string {
  return `${[group, version].filter(Boolean).join('/')} ${kind}`.trim();
}

/** The `apiVersion` of a kind's objects. */
export function apiVersionOf({ group, version }: Pick<KindInfo, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}
