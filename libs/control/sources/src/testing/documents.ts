import type { DocumentFile } from '@flotilla/workload-manifests';

export interface ShopOptions {
  readonly applications?: readonly string[];
  readonly environments?: readonly string[];
  /** More fields of the repository's spec, as YAML in braces would have them. */
  readonly repository?: string;
}

/** The documents of a small shop: one repository, one pipeline, an environment for each stage, and its applications. */
export function shopDocuments({
  applications = ['checkout'],
  environments = ['dev'],
  repository = '',
}: ShopOptions = {}): DocumentFile {
  const stages = environments.map((name) => `    - {environment: ${name}, track: {repository: shop, branch: main}}\n`);
  const documents = [
    document('Repository', 'shop', `{url: "https://git.example.org/shop.git"${repository && `, ${repository}`}}`),
    ...environments.map((name) => document('Environment', name, `{clusters: {matchLabels: {${name}: "true"}}}`)),
    document('Pipeline', 'standard', `\n  stages:\n${stages.join('').trimEnd()}`),
    ...applications.map((name) => document('Application', name, applicationSpec(name))),
  ];
  return { file: 'shop.yaml', text: documents.join('---\n') };
}

function applicationSpec(name: string): string {
  const path = `"services/${name}/\${environment.name}"`;
  return `\n  pipeline: standard\n  source: {repository: shop, path: ${path}}\n  namespace: ${name}`;
}

function document(kind: string, name: string, spec: string): string {
  return `apiVersion: fleet.flotilla.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
}
