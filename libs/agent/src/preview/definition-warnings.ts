import { objectTitle, type KubeObject, type Reason } from '@flotilla/model';
import type { SeenObject } from '../orders/look-at-objects.ts';

/** What of a definition decides which objects of its kind can be read and kept. */
interface DefinitionVersions {
  readonly spec?: {
    readonly versions?: readonly { readonly name: string; readonly served?: boolean; readonly storage?: boolean }[];
  };
  readonly status?: { readonly storedVersions?: readonly string[] };
}

/** Where a definition would say less than it does: objects and programs may rest on what goes. */
export function definitionWarnings(seen: readonly SeenObject[]): Reason[] {
  return seen.flatMap(({ desired: { key, object }, live }) => {
    if (key.kind !== 'CustomResourceDefinition' || !live) return [];
    const title = objectTitle(key);
    const [standing, wanted] = [versionsIn(live), versionsIn(object)];
    return [...unservedWarnings(title, standing, wanted), ...unstoredWarnings(title, standing, wanted)];
  });
}

/** The API server checked what stands there, and says what it thinks of what is wanted. */
function versionsIn(definition: KubeObject): DefinitionVersions {
  return definition as DefinitionVersions;
}

function unservedWarnings(title: string, live: DefinitionVersions, desired: DefinitionVersions): Reason[] {
  const kept = namesOf(desired, ({ served }) => served === true);
  const gone = namesOf(live, ({ served }) => served === true).filter((name) => !kept.includes(name));
  if (gone.length === 0) return [];
  const message = `${title}: ${gone.join(', ')} is served now and would not be any more, so whoever reads or writes it fails; keep it served in Git until nobody does`;
  return [{ code: 'DefinitionServesLess', message }];
}

/** What is kept in etcd stays in the version that it was written in, whatever the definition says later. */
function unstoredWarnings(title: string, live: DefinitionVersions, desired: DefinitionVersions): Reason[] {
  const known = namesOf(desired, () => true);
  const [storage] = namesOf(desired, (version) => version.storage === true);
  const stored = live.status?.storedVersions ?? [];
  const lost = stored.filter((name) => !known.includes(name));
  if (lost.length > 0) {
    const message = `${title}: objects are stored as ${lost.join(', ')}, which would not be known any more: the API server refuses that; leave the definition as it is, or have them stored anew first`;
    return [{ code: 'DefinitionForgetsStored', message }];
  }
  if (storage === undefined) return [];
  const newer = stored.filter((name) => isOlder(storage, name));
  if (newer.length === 0) return [];
  const message = `${title}: objects are stored as ${newer.join(', ')} and would be stored as ${storage}: fields that only ${newer.join(', ')} has are lost when they are written again; export them first`;
  return [{ code: 'DefinitionStoresOlder', message }];
}

type Version = NonNullable<NonNullable<DefinitionVersions['spec']>['versions']>[number];

function namesOf({ spec }: DefinitionVersions, isMeant: (version: Version) => boolean): string[] {
  return (spec?.versions ?? []).filter(isMeant).map(({ name }) => name);
}

const ripeness = ['alpha', 'beta', ''];

/** As Kubernetes orders them: `v1beta1`, `v1`, `v2`. Of names of another form nobody knows which came first. */
function isOlder(left: string, right: string): boolean {
  const [a, b] = [ageOf(left), ageOf(right)];
  const at = a?.findIndex((part, index) => part !== b?.[index]) ?? -1;
  return a !== undefined && b !== undefined && at >= 0 && a[at]! < b[at]!;
}

function ageOf(version: string): readonly number[] | undefined {
  const found = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!found) return undefined;
  const [, major, ripe = '', minor = '0'] = found;
  return [ripeness.indexOf(ripe), Number(major), Number(minor)];
}
