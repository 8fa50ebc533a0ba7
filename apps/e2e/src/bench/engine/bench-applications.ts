import type { KubeObject } from '@flotilla/model';

/** Marks what a bench applies, whoever applies it, so that the same observer sees both. */
export const benchLabel = 'flotilla-bench';

/** As many namespaces as share the applications: one each would make a bench of namespaces. */
const teams = 10;

export const environment = 'dev';
export const objectsEach = 4;

export const teamOf = (application: number) => `team-${application % teams}`;
export const teamNames: readonly string[] = Array.from({ length: teams }, (_, team) => `team-${team}`);

/** The names of applications, which no two series of one run share. */
export function applicationNames(count: number, series = 'app'): string[] {
  return Array.from({ length: count }, (_, index) => `${series}-${index}`);
}

/**
 * One application as the peers' benches have it: a Deployment that is well without any pod, a headless Service (one with
 * an address costs the API server a walk over all addresses), a ConfigMap, a ServiceAccount.
 */
export function objectsOf(name: string, namespace: string): KubeObject[] {
  const metadata = { name, namespace, labels: { [benchLabel]: 'true' } };
  const labels = { app: name };
  const containers = [
    { name: 'app', image: 'registry.example.org/shop/app:1.0.0', ports: [{ name: 'http', containerPort: 8080 }] },
  ];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { LOG_LEVEL: 'info', GREETING: `hello from ${name}` } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { clusterIP: 'None', selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { serviceAccountName: name, containers } },
      },
    },
  ];
}

/** The same objects as files in a repository, under the path of their application. JSON is YAML, too. */
export function filesOf(name: string, namespace: string, folder: string): Record<string, string> {
  return Object.fromEntries(
    objectsOf(name, namespace).map((object) => {
      const { namespace: _, ...metadata } = object.metadata;
      return [`${folder}/${object.kind.toLowerCase()}.yaml`, JSON.stringify({ ...object, metadata }, undefined, 2)];
    }),
  );
}
