import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '@flotilla/foundation';
import { ChildProgram } from './child-program.ts';
import type { EnvtestAssets } from './envtest-assets.ts';
import { freePorts } from '../process/ports.ts';
import { etcdFlags, kubeApiserverFlags, type Ports } from './flags.ts';
import { callServer, type ServerAccess } from './call-server.ts';
import { TokenAuthenticator } from './token-authenticator.ts';
import { writeServiceAccountKey, writeTokenFile } from './secrets.ts';

export interface StartKubeApiServerOptions {
  readonly assets: EnvtestAssets;
}

/** A real kube-apiserver with an etcd of its own, gone without trace after `stop`. */
export interface KubeApiServer extends ServerAccess {
  /** The bearer token of an administrator in `system:masters`, who is exempt from priority and fairness. */
  readonly token: string;
  /** A token of a cluster administrator like any other: what it sends is subject to priority and fairness. */
  readonly meteredToken: string;
  /** A token for any user, from now on. */
  tokenFor(user: string, groups?: readonly string[]): string;
  kubeconfig(token?: string): string;
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

const attemptsMax = 5;
const readyTimeoutMs = 90_000;
const meteredGroup = 'flotilla:cluster-admins';

/**
 * Starts a fresh API server on loopback and waits until it is ready, which takes about five seconds. Ports are
 * chosen free and may be lost to someone else before they are used: then all starts again with others.
 */
export async function startKubeApiServer({ assets }: StartKubeApiServerOptions): Promise<KubeApiServer> {
  let failure: unknown;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      return await startOnce(assets);
    } catch (error) {
      failure = error;
      if (!(error instanceof Fault && error.reason === 'PortTaken')) break;
    }
  }
  throw failure;
}

async function startOnce(assets: EnvtestAssets): Promise<KubeApiServer> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'flotilla-kube-apiserver-'));
  const authenticator = await TokenAuthenticator.listen(folder);
  const programs: ChildProgram[] = [];
  const stop = async () => {
    await Promise.all(programs.toReversed().map((program) => program.kill()));
    await authenticator.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const ports = await choosePorts();
    const token = newToken();
    writeServiceAccountKey(folder);
    writeTokenFile(folder, token);
    programs.push(new ChildProgram('etcd', assets.etcd, etcdFlags(folder, ports)));
    const flags = kubeApiserverFlags(folder, ports, authenticator.configFile);
    programs.push(new ChildProgram('kube-apiserver', assets.kubeApiserver, flags));
    const access = await untilReady({ url: `https://127.0.0.1:${ports.server}`, token, folder, programs });
    const meteredToken = authenticator.tokenFor('flotilla:metered', [meteredGroup]);
    await makeAdministrators(access, token);
    return {
      ...access,
      token,
      meteredToken,
      tokenFor: (user, groups = []) => authenticator.tokenFor(user, groups),
      kubeconfig: (bearer = token) => kubeconfigOf(access, bearer),
      pids: programs.map((program) => program.pid),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function choosePorts(): Promise<Ports> {
  const [server, etcdClient, etcdPeer] = await freePorts(3);
  return { server: server!, etcdClient: etcdClient!, etcdPeer: etcdPeer! };
}

interface Starting {
  readonly url: string;
  readonly token: string;
  readonly folder: string;
  readonly programs: readonly ChildProgram[];
}

async function untilReady({ url, token, folder, programs }: Starting): Promise<ServerAccess> {
  const deadline = performance.now() + readyTimeoutMs;
  const certificateFile = join(folder, 'certs', 'apiserver.crt');
  while (performance.now() < deadline) {
    for (const program of programs) program.assertRunning();
    if (existsSync(certificateFile)) {
      const access = { url, certificateAuthority: readFileSync(certificateFile, 'utf8') };
      if ((await callServer(access, { token, path: '/readyz' })).status === 200) return access;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const message = `the kube-apiserver was not ready within ${readyTimeoutMs / 1000} s; its last words: ${programs.at(-1)!.lastWords}`;
  throw new Fault({ code: 'timeout', reason: 'KubeApiServerNotReady', message });
}

/** The binding that makes `meteredToken` an administrator. */
async function makeAdministrators(access: ServerAccess, token: string): Promise<void> {
  const binding = {
    metadata: { name: 'flotilla-cluster-admins' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: meteredGroup }],
  };
  const path = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
  const { status, body } = await callServer(access, { token, path, method: 'POST', body: JSON.stringify(binding) });
  if (status === 201) return;
  const message = `the API server refused the administrators' binding: ${status} ${body}`;
  throw new Fault({ code: 'internal', reason: 'KubeApiServerNotReady', message });
}

/** JSON is YAML, so any reader of a kubeconfig takes it. */
function kubeconfigOf({ url, certificateAuthority }: ServerAccess, token: string): string {
  const authority = Buffer.from(certificateAuthority).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: url, 'certificate-authority-data': authority } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}

function newToken(): string {
  return randomBytes(24).toString('hex');
}
