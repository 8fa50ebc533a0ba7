import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Fault, toFault, type Running } from '@flotilla/foundation';
import { connectUrl } from '@flotilla/platform-kube';
import { findEnvtestAssets, startKubeApiServer, startWorkloadStub } from '@flotilla/testing';
import { say, step } from './progress.ts';
import { aborted, interruptedCode, stopSignal } from './stop-signal.ts';

const usage = 'npm run envtest -- [--count N] [--out DIR]\n';

/**
 * Real API servers on this machine, to try the demo on them: kube-apiserver and etcd, and a stub that stands in for
 * controllers and kubelet. Their kubeconfig files are in `--out`; everything is gone after Ctrl-C.
 */
async function main(): Promise<number> {
  const { count, out } = options();
  const assets = findEnvtestAssets();
  if (!assets) throw wrong('there is no kube-apiserver on this machine; get one with: npm run envtest:install');
  const started: Running[] = [];
  const signal = stopSignal(() => undefined);
  await mkdir(out, { recursive: true });
  try {
    const files: string[] = [];
    for (let number = 1; number <= count && !signal.aborted; number++) {
      const file = join(out, `api-server-${number}.kubeconfig`);
      await step(`kube-apiserver ${number}`, async () => {
        const server = await startKubeApiServer({ assets });
        started.push(server);
        const transport = connectUrl({ url: server.url, token: server.token, ca: server.certificateAuthority });
        started.push({ stop: () => transport.close() }, startWorkloadStub(transport));
        await writeFile(file, server.kubeconfig(server.meteredToken), { mode: 0o600 });
      });
      files.push(file);
    }
    say(`npm run demo --${files.map((file) => ` --kubeconfig ${file} --context test`).join('')}`);
    await aborted(signal);
    return interruptedCode;
  } finally {
    for (const part of started.toReversed()) await part.stop();
  }
}

function options(): { readonly count: number; readonly out: string } {
  const { values } = parseArgs({ options: { count: { type: 'string' }, out: { type: 'string' } } });
  const count = Number(values.count ?? 2);
  if (!Number.isInteger(count) || count < 1 || count > 5)
    throw wrong(`--count takes a whole number from 1 to 5\n${usage}`);
  return { count, out: resolve(values.out ?? '.flotilla/api-servers') };
}

function wrong(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'OptionsInvalid', message });
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`${toFault(error).message}\n`);
  process.exit(2);
}
