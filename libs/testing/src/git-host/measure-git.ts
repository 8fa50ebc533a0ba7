import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '@flotilla/foundation';
import { GitDispatcher, InMemoryObjectStore, SmartHttpGitRemote } from '@flotilla/platform-git';
import { fleetChange, fleetFiles, fleetPath } from './fleet-files.ts';
import { startGitHost, type GitHost } from './git-host.ts';
import { isolatedEnvironment } from './run-git.ts';

export interface MeasureGitOptions {
  readonly applications: number;
  readonly filesEach: number;
  readonly changes: number;
}

/** What reading one application costs, counted at the sockets, both directions and headers included. Medians. */
export interface GitFigures {
  readonly firstPullBytes: number;
  readonly firstPullMs: number;
  readonly firstPullRequests: number;
  readonly bytesPerChange: number;
  readonly bodyBytesPerChange: number;
  readonly requestsPerChange: number;
  /** From the moment the commit is on the host to the files in memory. */
  readonly pushToFilesMs: number;
  readonly lookBytes: number;
  /** What `git fetch --depth=1` moves for the same changes, and how long it takes. */
  readonly gitFetchBytes: number;
  readonly gitFetchMs: number;
}

/** Makes a repository of that size on a Git host of its own, reads one application of it, and changes it again and again. */
export async function measureGit(options: MeasureGitOptions): Promise<GitFigures> {
  const root = await mkdtemp(join(tmpdir(), 'flotilla-measure-git-'));
  const host = await startGitHost({ root: join(root, 'host') });
  const dispatcher = new GitDispatcher();
  try {
    return await measure(options, { host, dispatcher, clone: join(root, 'clone.git') });
  } finally {
    await dispatcher.close();
    await host.close();
    await rm(root, { recursive: true, force: true });
  }
}

interface Bench {
  readonly host: GitHost;
  readonly dispatcher: GitDispatcher;
  readonly clone: string;
}

const repository = 'fleet';
const application = 42;

async function measure({ changes, ...fleet }: MeasureGitOptions, bench: Bench): Promise<GitFigures> {
  const { host, dispatcher, clone } = bench;
  const first = await host.createRepository(repository, fleetFiles(fleet));
  const remote = new SmartHttpGitRemote({
    url: host.url(repository),
    store: new InMemoryObjectStore({ bytesMax: 64 * 1024 * 1024 }),
    dispatcher,
    clock: systemClock,
  });
  const paths = [fleetPath(application)];
  const pull = async (commit: string, have?: string) => {
    const pulled = await remote.pull({ commit, paths, files: true, ...(have && { have }) });
    await remote.files(pulled.trees.get(paths[0]!)!);
    return pulled;
  };
  const socketBytes = () => dispatcher.traffic().up + dispatcher.traffic().down;
  const cold = await observed(socketBytes, () => pull(first));
  await git(['clone', '--quiet', '--bare', '--depth=1', host.url(repository), clone]);
  const hostBytes = () => host.traffic(repository).up + host.traffic(repository).down;

  const ours: Observed<Awaited<ReturnType<typeof pull>>>[] = [];
  const theirs: Observed<void>[] = [];
  let have = first;
  for (let change = 0; change < changes; change++) {
    const commit = await host.commit(repository, fleetChange(application, `change-${change}`));
    const held = have;
    ours.push(await observed(socketBytes, () => pull(commit, held)));
    theirs.push(await observed(hostBytes, () => git(['-C', clone, 'fetch', '--quiet', '--depth=1', 'origin', 'main'])));
    have = commit;
  }
  const looked = await observed(socketBytes, () => remote.listRefs({ names: ['refs/heads/main'] }));
  return {
    firstPullBytes: cold.bytes,
    firstPullMs: cold.ms,
    firstPullRequests: cold.result.requests,
    bytesPerChange: median(ours.map(({ bytes }) => bytes)),
    bodyBytesPerChange: median(ours.map(({ result }) => result.bytes.up + result.bytes.down)),
    requestsPerChange: median(ours.map(({ result }) => result.requests)),
    pushToFilesMs: median(ours.map(({ ms }) => ms)),
    lookBytes: looked.bytes,
    gitFetchBytes: median(theirs.map(({ bytes }) => bytes)),
    gitFetchMs: median(theirs.map(({ ms }) => ms)),
  };
}

interface Observed<Result> {
  readonly result: Result;
  readonly bytes: number;
  readonly ms: number;
}

async function observed<Result>(bytesSoFar: () => number, task: () => Promise<Result>): Promise<Observed<Result>> {
  const [bytes, started] = [bytesSoFar(), performance.now()];
  const result = await task();
  return { result, bytes: bytesSoFar() - bytes, ms: performance.now() - started };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

async function git(args: readonly string[]): Promise<void> {
  await promisify(execFile)('git', [...args], { env: isolatedEnvironment({}) });
}
