import type { ClusterApi, SourceFile, SourceReader } from '@flotilla/agent';
import { Fault, Redacted, systemClock, type Running } from '@flotilla/foundation';
import { digestOf } from '@flotilla/foundation/node';
import { shortCommit, type EntrySource } from '@flotilla/model';
import { ExpectedPulls } from './expected-pulls.ts';
import {
  parseRemoteUrl,
  RemotePool,
  type GitCredentials,
  type GitRemote,
  type PulledCommit,
} from '@flotilla/platform-git';

export interface GitSourcesOptions {
  readonly cluster: ClusterApi;
  readonly namespace: string;
  readonly cacheDirectory: string | undefined;
}

const limits = { memoryBytesMax: 16 * 1024 * 1024, diskBytesMax: 256 * 1024 * 1024, remotesMax: 200 };

/** Pulls what entries name, straight from their Git hosts, with credentials that stay in this cluster. */
export class GitSources implements SourceReader, Running {
  readonly #options: GitSourcesOptions;
  readonly #pool: RemotePool;
  /** The commit that was pulled last from a remote: the next pull brings only what differs from it. */
  readonly #last = new WeakMap<GitRemote, string>();
  readonly #expected = new ExpectedPulls();

  constructor(options: GitSourcesOptions) {
    this.#options = options;
    this.#pool = new RemotePool({ ...limits, clock: systemClock, cacheDirectory: options.cacheDirectory });
  }

  expect(source: EntrySource): void {
    this.#expected.expect(placeOf(source), pathsOf(source).map(gitPath));
  }

  async read(source: EntrySource): Promise<readonly SourceFile[]> {
    const remote = await this.#open(source);
    const paths = pathsOf(source);
    const pull = (together: readonly string[]) => this.#pull(remote, source.revision, together);
    await this.#expected.bring(placeOf(source), paths.map(gitPath), pull);
    const { trees } = await pull(paths.map(gitPath));
    const files: SourceFile[] = [];
    for (const path of new Set(paths)) {
      const tree = trees.get(gitPath(path));
      if (!tree && path === source.path) throw pathMissing(source);
      if (!tree) continue;
      for (const file of await remote.files(tree)) {
        // A path may name a single file, which then has no path of its own below it.
        files.push({ path: [gitPath(path), file.path].filter(Boolean).join('/'), content: file.content });
      }
    }
    return files;
  }

  stop(): Promise<void> {
    return this.#pool.stop();
  }

  async #pull(remote: GitRemote, commit: string, paths: readonly string[]): Promise<PulledCommit> {
    const have = this.#last.get(remote);
    const pulled = await remote.pull({ commit, paths, files: true, ...(have && { have }) });
    this.#last.set(remote, commit);
    return pulled;
  }

  async #open({ url, credential }: EntrySource): Promise<GitRemote> {
    const credentials = credential ? await this.#credentials(credential, url) : undefined;
    return this.#pool.open({ key: digestOf([url, credential ?? '']).slice(0, 16), url, credentials });
  }

  /** A Secret in the agent's namespace. It names the one origin that it is for, whatever an entry asks. */
  async #credentials(name: string, url: string): Promise<GitCredentials> {
    const { cluster, namespace } = this.#options;
    const secret = await cluster.get({ group: '', kind: 'Secret', namespace, name });
    const data = (secret?.data ?? {}) as Record<string, string>;
    const value = (key: string) =>
      data[key] === undefined ? undefined : Buffer.from(data[key], 'base64').toString('utf8');
    const [origin, username, password, token] = ['origin', 'username', 'password', 'token'].map(value);
    if (!secret || (!token && !password)) throw credentialMissing(name, namespace);
    if (origin === undefined || URL.parse(origin)?.origin !== parseRemoteUrl(url).origin)
      throw otherOrigin(name, origin, url);
    if (token) return { kind: 'bearer', token: new Redacted(token) };
    return { kind: 'basic', username: username ?? '', password: new Redacted(password!) };
  }
}

/** Whatever is read at one place is read of one remote, with the same credentials. */
function placeOf({ url, credential = '', revision }: EntrySource): string {
  return JSON.stringify([url, credential, revision]);
}

function pathsOf({ path, also }: EntrySource): string[] {
  return [path, ...also];
}

/** The root of a repository is written `.` in documents and is the empty path in Git. */
function gitPath(path: string): string {
  return path === '.' ? '' : path;
}

function pathMissing({ path, revision }: EntrySource): Fault {
  return new Fault({
    code: 'not-found',
    reason: 'SourcePathMissing',
    message: `${path} does not exist at ${shortCommit(revision)}; what runs is kept`,
    consequence: { kind: 'stall', until: 'the path is back in Git, or the application names another' },
  });
}

function credentialMissing(name: string, namespace: string): Fault {
  return new Fault({
    code: 'not-found',
    reason: 'CredentialMissing',
    message: `Secret ${namespace}/${name} with origin and token, or origin, username and password, is not in this cluster`,
    consequence: { kind: 'stall', until: 'the Secret is there' },
  });
}

function otherOrigin(name: string, origin: string | undefined, url: string): Fault {
  return new Fault({
    code: 'forbidden',
    reason: 'CredentialForOtherOrigin',
    message: `Secret ${name} is for ${origin ?? 'no origin at all'} and was not sent to ${url}`,
    consequence: { kind: 'stall', until: 'the Secret names the origin of the repository' },
  });
}
