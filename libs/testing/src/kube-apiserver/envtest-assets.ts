import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

// This file uses node: modules only, because `tools/envtest/install.ts` runs it before anything is built.

/** The release that the integration tests are held to. */
export const envtestVersion = 'v1.34.4';

/** The two programs that make a real API server. */
export interface EnvtestAssets {
  readonly kubeApiserver: string;
  readonly etcd: string;
}

/** Where a real kube-apiserver and etcd lie on this machine: `KUBEBUILDER_ASSETS` first, then our own cache. */
export function findEnvtestAssets(environment: NodeJS.ProcessEnv = process.env): EnvtestAssets | undefined {
  const given = environment['KUBEBUILDER_ASSETS'];
  return (given ? assetsIn(given) : undefined) ?? assetsIn(envtestCacheFolder(environment));
}

/** The folder that `npm run envtest:install` fills. */
export function envtestCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const cache = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'flotilla', 'envtest', `${envtestVersion}-${platformName()}`);
}

/** This machine as Go names it, such as `linux-amd64`. */
export function platformName(): string {
  return `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
}

/** The assets in a folder, when both are there and may be run. */
export function assetsIn(folder: string): EnvtestAssets | undefined {
  const assets = { kubeApiserver: join(folder, 'kube-apiserver'), etcd: join(folder, 'etcd') };
  try {
    for (const file of Object.values(assets)) accessSync(file, constants.X_OK);
    return assets;
  } catch {
    return undefined;
  }
}
