/** Believable documents for tests: one repository, one pipeline, and as many applications as are named. */
export function fleetDocuments(
  applications: readonly string[],
  {
    environments = ['dev'],
    url = 'https://git.example.org/shop.git',
  }: { environments?: readonly string[]; url?: string } = {},
): string {
  const head = (kind: string, name: string) =>
    `apiVersion: fleet.flotilla.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\n`;
  const stages = environments
    .map((name) => `    - {environment: ${name}, track: {repository: shop, branch: main}}\n`)
    .join('');
  return [
    `${head('Repository', 'shop')}spec: {url: "${url}"}\n`,
    ...environments.map((name) => `${head('Environment', name)}spec: {clusters: {matchLabels: {${name}: "true"}}}\n`),
    `${head('Pipeline', 'standard')}spec:\n  stages:\n${stages}`,
    ...applications.map(
      (name) =>
        `${head('Application', name)}spec:\n  pipeline: standard\n  source: {repository: shop, path: "services/${name}/\${environment.name}"}\n  namespace: "${name}-\${environment.name}"\n`,
    ),
  ].join('---\n');
}
