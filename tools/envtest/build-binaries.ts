import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { envtestVersion } from '../../libs/testing/src/kube-apiserver/envtest-assets.ts';
import { run } from './run.ts';

/** The oldest Go that the pinned modules compile with. */
export const goVersionNeeded = '1.25';

const moduleFolder = fileURLToPath(new URL('.', import.meta.url));

export interface BuildOptions {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/** Which Go is on the PATH, and whether it is new enough. */
export async function goVersion(
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly text: string; readonly enough: boolean } | undefined> {
  const ran = await run('go', ['env', 'GOVERSION'], { folder: moduleFolder, environment, timeoutMs: 20_000 });
  const found = ran?.code === 0 ? /go(\d+)\.(\d+)\S*/.exec(ran.output) : null;
  if (!found) return undefined;
  const [needMajor, needMinor] = goVersionNeeded.split('.').map(Number);
  const [major, minor] = [Number(found[1]), Number(found[2])];
  return { text: found[0], enough: major > needMajor! || (major === needMajor && minor >= needMinor!) };
}

/** Builds both programs from the module versions that go.sum pins. */
export async function buildBinaries(options: BuildOptions): Promise<void> {
  options.say(`building from Go modules, once; about three minutes on two cores`);
  await build('etcd', './etcd', options);
  await build('kube-apiserver', 'k8s.io/kubernetes/cmd/kube-apiserver', options);
}

async function build(name: string, source: string, { folder, environment, say }: BuildOptions): Promise<void> {
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  const progress = setInterval(() => say(`still building ${name}, ${seconds()} s`), 20_000);
  const words = ['build', '-mod=readonly', '-trimpath', '-ldflags', linkerFlags(), '-o', join(folder, name), source];
  const ran = await run('go', words, { folder: moduleFolder, environment: { ...environment, CGO_ENABLED: '0' } });
  clearInterval(progress);
  if (ran?.code === 0) return say(`built ${name} in ${seconds()} s`);
  say(`building ${name} failed: ${(ran?.output ?? 'go cannot be run').trim().split('\n').slice(-5).join(' | ')}`);
}

/** What a release build writes into the binary, so that `/version` tells the truth about the code. */
function linkerFlags(): string {
  const [major, minor] = envtestVersion.slice(1).split('.');
  const values = { gitVersion: envtestVersion, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const variables = Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return ['-s', '-w', ...variables].join(' ');
}
