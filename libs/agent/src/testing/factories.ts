import { Redacted } from '@flotilla/foundation';
import { sha256 } from '@flotilla/foundation/node';
import type { DesiredEntry, KubeObject, ObjectKey } from '@flotilla/model';
import type { Identity } from '../keep/identity-keeper.ts';
import type { InventoryItem } from '../keep/target-record.ts';

/** Where the applications of tests live. */
export const appsNamespace = 'apps';

export const defaultSync = { prune: true, drift: 'correct', adopt: false, createNamespace: true } as const;

/** Who an agent of a test is: keys that open nothing, unless the test gives others. */
export function identityOf(over: Partial<Identity> & Pick<Identity, 'orderKeys'>): Identity {
  return {
    cluster: 'cluster1',
    name: 'c1',
    project: 'shop',
    userJwt: '',
    userSeed: new Redacted(''),
    servers: [],
    expiresAt: '',
    renderKey: new Redacted(Buffer.alloc(32, 7)),
    ...over,
  };
}

/** An entry that runs what stands at `app/` of a commit. */
export function entryOf(
  revision: string,
  files: Readonly<Record<string, string>>,
  over: Partial<DesiredEntry> = {},
): DesiredEntry {
  return {
    target: 'target1',
    project: 'shop',
    application: 'checkout',
    environment: 'dev',
    generation: 1,
    intent: 'run',
    release: `release${revision.slice(-4)}`,
    sourceDigest: sha256(JSON.stringify(files)).slice(0, 16),
    namespace: appsNamespace,
    source: { url: 'https://git.example.org/shop.git', revision, path: 'app', also: [] },
    sync: defaultSync,
    ...over,
  };
}

export function configMapKey(name: string, namespace = appsNamespace): ObjectKey {
  return { group: '', kind: 'ConfigMap', namespace, name };
}

export function configMapText(name: string, data: object = { a: '1' }, annotations: object = {}): string {
  const metadata = JSON.stringify({ name, annotations });
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: ${metadata}\ndata: ${JSON.stringify(data)}\n`;
}

/** A workload called `web`, as YAML that stands in Git. */
export function deploymentText(image: string, replicas?: number): string {
  const spec = {
    ...(replicas !== undefined && { replicas }),
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image }] } },
  };
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: ${JSON.stringify(spec)}\n`;
}

/** Files of one application: each text a file of its own. */
export function filesOf(...texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text, index) => [`app/${index}.yaml`, text]));
}

/** As many ConfigMaps as asked for, called `c0`, `c1` and so on. */
export function manyConfigMaps(count: number): string[] {
  return Array.from({ length: count }, (_, index) => configMapText(`c${index}`));
}

/** Things of an inventory: `kind/name`, with a uid that follows from the name. */
export function items(...names: readonly string[]): InventoryItem[] {
  return names.map((each) => {
    const [kind, name] = each.split('/') as [string, string];
    const group = kind === 'CustomResourceDefinition' ? 'apiextensions.k8s.io' : '';
    return { key: { group, kind, namespace: appsNamespace, name }, apiVersion: 'v1', uid: `uid-of-${name}` };
  });
}

/** An object that somebody else made. */
export function theirs(name: string, over: { data?: object; labels?: object; annotations?: object } = {}): KubeObject {
  const { data = { of: 'others' }, ...metadata } = over;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: appsNamespace, ...metadata },
    data,
  } as KubeObject;
}

/** A kind of its own, and what defines it. */
export const shipDefinition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ships.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Ship, plural: ships, singular: ship, listKind: ShipList}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`;
