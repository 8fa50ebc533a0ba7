import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  deployProgramFile,
  deployPrograms,
  type DeployProgram,
} from '../../libs/testing/src/deploy-programs/deploy-programs.ts';
import { run } from '../envtest/run.ts';

export interface InstallOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/**
 * Builds helm, kustomize and promtool from the Go modules that go.sum pins, where the demo and the tests of rendering,
 * charts and alerts find them. Once: about a minute and a half, half a minute and two and a half of them on two cores,
 * which is why a narrowed `npm test` does not do it by itself.
 */
export async function installDeployPrograms({ environment, say }: InstallOptions): Promise<number> {
  let code = 0;
  for (const name of Object.keys(deployPrograms) as DeployProgram[]) {
    const file = deployProgramFile(name, environment);
    if (await works(file)) say(`${file} is there: nothing to do`);
    else if (!(await build(name, file, { environment, say }))) code = 3;
  }
  return code;
}

async function build(name: DeployProgram, file: string, { environment, say }: InstallOptions): Promise<boolean> {
  const { version, source } = deployPrograms[name];
  const folder = fileURLToPath(new URL(name, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  const building = mkdtempSync(join(dirname(file), '.new-'));
  try {
    say(`building ${name} ${version} from Go modules`);
    const words = ['build', '-mod=readonly', '-trimpath', '-ldflags', '-s -w', '-o', join(building, name), source];
    const ran = await run('go', words, { folder, environment: { ...environment, CGO_ENABLED: '0' } });
    if (ran?.code === 0) renameSync(join(building, name), file);
    const failure = ran
      ? ran.output.trim().split('\n').slice(-5).join(' | ')
      : 'there is no Go (1.26 or newer is needed)';
    say(ran?.code === 0 ? `installed ${file}` : `cannot build ${name}: ${failure}`);
    return ran?.code === 0;
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

/** helm and kustomize say their version by a word, promtool by a flag; each knows `help`. */
async function works(file: string): Promise<boolean> {
  return (await run(file, ['help'], { timeoutMs: 20_000 }))?.code === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const startedAt = performance.now();
  const say = (line: string) => console.log(`programs: ${line}`);
  process.exitCode = await installDeployPrograms({ environment: process.env, say });
  say(`took ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}
