export interface FleetDocumentsOptions {
  readonly environments?: readonly string[];
  readonly url?: string;
  /** The stages of the pipeline, one a line, where they do not all track the same branch. */
  readonly stages?: readonly string[];
  /** Where an application runs; by default in a namespace of its own in each environment. */
  readonly namespaceOf?: (application: string) => string;
}

/** Believable documents for tests: one repository, one pipeline, and as many applications as are named. */
export function fleetDocuments(applications: readonly string[], options: FleetDocumentsOptions = {}): string {
  const { environments = ['dev'], url = 'https://git.example.org/shop.git', namespaceOf = ownNamespace } = options;
  const head = (kind: string, name: string) =>
    `apiVersion: fleet.flotilla.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\n`;
  const tracking = environments.map((name) => `{environment: ${name}, track: {repository: shop, branch: main}}`);
  const stages = (options.stages ?? tracking).map((stage) => `    - ${stage}\n`).join('');
  return [
    `${head('Repository', 'shop')}spec: {url: "${url}"}\n`,
    ...environments.map((name) => `${head('Environment', name)}spec: {clusters: {matchLabels: {${name}: "true"}}}\n`),
    `${head('Pipeline', 'standard')}spec:\n  stages:\n${stages}`,
    ...applications.map(
      (name) =>
        `${head('Application', name)}spec:\n  pipeline: standard\n  source: {repository: shop, path: "services/${name}/\${environment.name}"}\n  namespace: "${namespaceOf(name)}"\n`,
    ),
  ].join('---\n');
}

const ownNamespace = (application: string) => `${application}-\${environment.name}`;
