import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault, systemClock, systemRandom, type Running } from '@flotilla/foundation';
import { connectUrl, createKubeClient, type HttpTransport, type KubeClient } from '@flotilla/platform-kube';
import { envtestVersion, findEnvtestAssets, startKubeApiServer } from '@flotilla/testing';
import { processFigures } from '../../support/process-figures.ts';
import { teamNames } from './bench-applications.ts';
import { startStatusStub } from './status-stub.ts';

/** A fresh real API server, with a stub in place of controllers, that says what was asked of it and what that cost. */
export interface MeasuredApiServer extends Running {
  readonly url: string;
  /** Of an identity that is subject to priority and fairness. */
  readonly token: string;
  readonly ca: string;
  readonly client: KubeClient;
  /** Settings that let an agent process in. */
  readonly access: Readonly<Record<string, string>>;
  /** Processor time of kube-apiserver and etcd so far. */
  cpuMs(): number;
  /** Requests that changed something or tried to, by resource, since the start. */
  writes(): Promise<ReadonlyMap<string, number>>;
}

export const apiServerConditions = `kube-apiserver ${envtestVersion} and etcd without fsync, fresh for each run; metered identity (APF); a status stub without limit in place of kube-controller-manager`;

export async function openApiServer(): Promise<MeasuredApiServer> {
  const assets = findEnvtestAssets();
  if (!assets) throw missing();
  const server = await startKubeApiServer({ assets });
  const { url, meteredToken: token, certificateAuthority: ca } = server;
  // Watching, stubbing and counting are no part of what is measured, so they are exempt from its queues.
  const transport = connectUrl({ url, token: server.token, ca });
  const client = createKubeClient({ transport, clock: systemClock, random: systemRandom });
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, server.kubeconfig(token), { mode: 0o600 });
  for (const name of teamNames)
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { manager: 'bench' });
  const stub = startStatusStub(client);
  return {
    url,
    token,
    ca,
    client,
    access: { KUBECONFIG: kubeconfig, KUBE_CONTEXT: 'test' },
    cpuMs: () => server.pids.reduce((sum, pid) => sum + (processFigures(pid)?.cpuMs ?? 0), 0),
    writes: async () => readWrites(await metricsOf(transport)),
    stop: async () => {
      await stub.stop();
      await transport.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const metricsBytesMax = 64 * 1024 * 1024;

async function metricsOf(transport: HttpTransport): Promise<string> {
  const answer = await transport.request({ method: 'GET', path: '/metrics' });
  return answer.text(metricsBytesMax);
}

const changing = new Set(['APPLY', 'CREATE', 'DELETE', 'DELETECOLLECTION', 'PATCH', 'POST', 'PUT', 'UPDATE']);

function readWrites(metrics: string): Map<string, number> {
  const writes = new Map<string, number>();
  for (const [, labels = '', count] of metrics.matchAll(/^apiserver_request_total\{(.*)\} (\S+)$/gm)) {
    const { verb = '', resource = '' } = Object.fromEntries(
      Array.from(labels.matchAll(/(\w+)="([^"]*)"/g), ([, name, value]) => [name!, value!]),
    );
    if (changing.has(verb)) writes.set(resource, (writes.get(resource) ?? 0) + Number(count));
  }
  return writes;
}

function missing(): Fault {
  return new Fault({
    code: 'not-found',
    reason: 'KubeApiServerMissing',
    message: 'there is no kube-apiserver on this machine; get one with: npm run envtest:install',
  });
}
