import { groupOf, versionOf, type KubeObject } from '@flotilla/model';
import type { KubeClient } from '@flotilla/platform-kube';
import { until } from '@flotilla/testing';
import { applyWaves } from '@flotilla/workload-manifests';
import { renderPlain } from '@flotilla/workload-render';
import type { ApplicationFiles } from './read-application.ts';

/** A tool that somebody comes from, and how it leaves the objects that it made. */
export interface FormerTool {
  readonly name: string;
  /** What it is called where objects are taken over from it. */
  readonly word: 'argocd' | 'flux' | 'kubectl' | 'helm';
  readonly manager: string;
  /** Server-side apply names its fields; the others write whole objects. */
  readonly apply: 'server-side' | 'whole';
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: (object: KubeObject) => Readonly<Record<string, string>>;
}

const lastApplied = (object: KubeObject) => ({
  'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(object),
});
const trackingId = ({ kind, metadata: { namespace = '', name } }: KubeObject) => ({
  'argocd.argoproj.io/tracking-id': `moved:${kind}:${namespace}/${name}`,
});
const release = () => ({ 'meta.helm.sh/release-name': 'moved', 'meta.helm.sh/release-namespace': 'shop' });
const byKustomization = {
  'kustomize.toolkit.fluxcd.io/name': 'moved',
  'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
};

export const formerTools: readonly FormerTool[] = [
  {
    name: 'kubectl apply',
    word: 'kubectl',
    manager: 'kubectl-client-side-apply',
    apply: 'whole',
    annotations: lastApplied,
  },
  { name: 'kubectl apply --server-side', word: 'kubectl', manager: 'kubectl', apply: 'server-side' },
  {
    name: 'Argo CD',
    word: 'argocd',
    manager: 'argocd-controller',
    apply: 'whole',
    labels: { 'app.kubernetes.io/instance': 'moved' },
    annotations: lastApplied,
  },
  {
    name: 'Argo CD with ServerSideApply=true',
    word: 'argocd',
    manager: 'argocd-controller',
    apply: 'server-side',
    annotations: trackingId,
  },
  { name: 'Flux', word: 'flux', manager: 'kustomize-controller', apply: 'server-side', labels: byKustomization },
  {
    name: 'Helm',
    word: 'helm',
    manager: 'helm',
    apply: 'whole',
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: release,
  },
];

/** The fields by which a tool knows what it made. */
export function marksOf({ labels = {}, annotations = () => ({}) }: FormerTool): string[] {
  const anything = { apiVersion: 'v1', kind: 'Any', metadata: { name: 'any' } };
  return [
    ...Object.keys(labels).map((name) => `.metadata.labels.${name}`),
    ...Object.keys(annotations(anything)).map((name) => `.metadata.annotations.${name}`),
  ];
}

/** The objects of files as another tool has made them. */
export async function makeByOthers(
  client: KubeClient,
  files: ApplicationFiles,
  { manager, apply, labels = {}, annotations = () => ({}) }: FormerTool,
): Promise<readonly KubeObject[]> {
  const made = objectsOf(files).map((object) => withMarks(object, labels, annotations(object)));
  for (const object of made) {
    await untilServed(client, object);
    if (apply === 'server-side') await client.apply(object, { manager, force: false });
    else await client.create(object, { manager });
  }
  return made;
}

/** Its definition may only just have come. */
async function untilServed({ kinds }: KubeClient, { apiVersion, kind }: KubeObject): Promise<void> {
  const asked = { group: groupOf(apiVersion), kind };
  if (await kinds.find(asked, versionOf(apiVersion))) return;
  const isServed = async () => (await kinds.refresh()).resolve(asked, versionOf(apiVersion));
  await until(isServed, { what: `${apiVersion} ${kind} to be served` });
}

export function objectsOf(files: ApplicationFiles): KubeObject[] {
  const read = Object.entries(files).map(([path, text]) => ({ path, content: Buffer.from(text) }));
  const rendered = renderPlain({ files: read, path: 'app' });
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.reason));
  return applyWaves(rendered.value.manifests).flatMap((wave) => wave.map(({ object }) => object));
}

function withMarks(object: KubeObject, labels: object, annotations: object): KubeObject {
  const { metadata } = object;
  const marked = {
    ...metadata,
    labels: { ...metadata.labels, ...labels },
    annotations: { ...metadata.annotations, ...annotations },
  };
  return { ...object, metadata: marked };
}
