import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assetsIn, envtestCacheFolder, envtestVersion } from '../../libs/testing/src/kube-apiserver/envtest-assets.ts';
import { buildBinaries, goVersion, goVersionNeeded } from './build-binaries.ts';
import { fetchReleasedBinaries } from './released-binaries.ts';
import { versionsOf } from './run.ts';

export interface InstallOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/**
 * Puts a real kube-apiserver and etcd where the integration tests find them: what is there already, else the released
 * binaries, else a build from Go modules. Answers the exit code; 3 means that this machine cannot have them.
 */
export async function installEnvtest({ environment, say }: InstallOptions): Promise<number> {
  const given = environment['KUBEBUILDER_ASSETS'];
  if (given && assetsIn(given)) return answer(say, `KUBEBUILDER_ASSETS has kube-apiserver and etcd: nothing to do`);
  if (given) say(`KUBEBUILDER_ASSETS is set, but ${given} does not hold both kube-apiserver and etcd`);

  const folder = envtestCacheFolder(environment);
  if (await works(folder)) return answer(say, `${folder} is complete: nothing to do`);

  mkdirSync(dirname(folder), { recursive: true });
  const building = mkdtempSync(`${folder}.new-`);
  try {
    if (!(await fill(building, { environment, say }))) return 3;
    putInPlace(building, folder);
    const versions = await versionsOf(assetsIn(folder)!);
    return answer(say, `installed kube-apiserver ${versions.kubeApiserver} and etcd ${versions.etcd} in ${folder}`);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

async function fill(folder: string, { environment, say }: InstallOptions): Promise<boolean> {
  if ((await fetchReleasedBinaries({ folder, environment, say })) && (await works(folder))) return true;
  const go = await goVersion(environment);
  if (go?.enough) {
    await buildBinaries({ folder, environment, say });
    return await works(folder);
  }
  say(
    `cannot install kube-apiserver ${envtestVersion}: the released binaries cannot be reached and ` +
      `${go ? `Go is ${go.text}` : 'there is no Go'} (Go >= ${goVersionNeeded} is needed to build them); ` +
      `set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd, install Go, or set FLOTILLA_ENVTEST_INDEX to a reachable release index`,
  );
  return false;
}

/** Another install may have finished first: what it left is as good as ours, if it works. */
function putInPlace(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    if (assetsIn(to)) return;
    const aside = mkdtempSync(join(dirname(to), `${basename(to)}.old-`));
    renameSync(to, join(aside, 'assets'));
    rmSync(aside, { recursive: true, force: true });
    renameSync(from, to);
  }
}

async function works(folder: string): Promise<boolean> {
  const assets = assetsIn(folder);
  return assets !== undefined && Object.values(await versionsOf(assets)).every((version) => version !== undefined);
}

function answer(say: (line: string) => void, line: string): number {
  say(line);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const startedAt = performance.now();
  const say = (line: string) => console.log(`envtest: ${line}`);
  process.exitCode = await installEnvtest({ environment: process.env, say });
  say(`took ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}
