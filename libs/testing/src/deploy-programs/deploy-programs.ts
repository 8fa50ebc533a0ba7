import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { platformName } from '../kube-apiserver/envtest-assets.ts';

// This file uses node: modules only, because `tools/deploy-programs/install.ts` runs it before anything is built.

/** The programs that render applications and check what is deployed, in the versions that both are held to. */
export const deployPrograms = {
  /** Renders charts: ours, and those of applications. */
  helm: { version: 'v4.3.1', source: 'helm.sh/helm/v4/cmd/helm' },
  /** Renders kustomizations. 5.8.3 needs a newer Go than the one that builds the others. */
  kustomize: { version: 'v5.8.2', source: 'sigs.k8s.io/kustomize/kustomize/v5' },
  /** Tests alert rules. */
  promtool: { version: 'v0.316.0', source: 'github.com/prometheus/prometheus/cmd/promtool' },
} as const;

/** One of these programs. */
export type DeployProgram = keyof typeof deployPrograms;

/** Where `npm run programs:install` puts a program. */
export function deployProgramFile(name: DeployProgram, environment: NodeJS.ProcessEnv = process.env): string {
  const cache = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'flotilla', 'deploy-programs', `${deployPrograms[name].version}-${platformName()}`, name);
}

/** The program on this machine: ours first, then what is on the PATH. One line says how to get it where there is none. */
export function findDeployProgram(
  name: DeployProgram,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter(Boolean);
  const found = [deployProgramFile(name, environment), ...folders.map((folder) => join(folder, name))].find(isProgram);
  if (!found)
    process.stdout.write(`no ${name} here, so what needs it is skipped; get it with: npm run programs:install\n`);
  return found;
}

/** Where the programs that render are on this machine: as the environment names them, else ours, else on its PATH. */
export function programPlaces(environment: NodeJS.ProcessEnv = process.env) {
  const place = (name: DeployProgram, named: string | undefined) =>
    named || [deployProgramFile(name, environment)].find(isProgram);
  const { KUSTOMIZE_BIN, HELM_BIN, PATH } = environment;
  return { configured: { kustomize: place('kustomize', KUSTOMIZE_BIN), helm: place('helm', HELM_BIN) }, path: PATH };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
