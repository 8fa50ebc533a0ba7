import type { FileChanges } from './import-stream.ts';

export interface FleetOptions {
  readonly applications: number;
  readonly filesEach: number;
}

/** A repository as large fleets have them: one directory per application, each with a few small manifests. */
export function fleetFiles({ applications, filesEach }: FleetOptions): FileChanges {
  const files: Record<string, string> = {};
  for (let application = 0; application < applications; application++) {
    for (let file = 0; file < filesEach; file++) {
      files[`${fleetPath(application)}/file-${file}.yaml`] = fleetManifest(application, file, 'initial');
    }
  }
  return files;
}

/** The path of one application in such a repository. */
export function fleetPath(application: number): string {
  return `apps/app-${String(application).padStart(5, '0')}`;
}

/** One line of one file changes; `value` is what it changes to. */
export function fleetChange(application: number, value: string): FileChanges {
  return { [`${fleetPath(application)}/file-1.yaml`]: fleetManifest(application, 1, value) };
}

function fleetManifest(application: number, file: number, value: string): string {
  const name = `app-${application}-${file}`;
  return [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata:',
    `  name: ${name}`,
    `  labels: {app.kubernetes.io/name: app-${application}}`,
    'data:',
    `  seed: "${Math.sin(application * 31 + file).toFixed(12)}"`,
    `  value: "${value}"`,
    '',
  ].join('\n');
}
