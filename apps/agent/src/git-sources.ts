import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ClusterApi, SourceFile, SourceReader } from '@flotilla/agent';
import { Fault, Redacted, systemClock, type Running } from '@flotilla/foundation';
import { shortCommit, type EntrySource } from '@flotilla/model';
import {
  GitDirObjectStore,
  GitDispatcher,
  gitLimits,
  InMemoryObjectStore,
  LayeredObjectStore,
  parseRemoteUrl,
  SmartHttpGitRemote,
  type GitCredentials,
  type GitRemote,
  type ObjectStore,
} from '@flotilla/platform-git';

export interface GitSourcesOptions {
  readonly cluster: ClusterApi;
  readonly namespace: string;
  readonly cacheDirectory: string | undefined;
}

interface OpenRemote {
  readonly remote: GitRemote;
  /** The commit that was pulled last: the next pull brings only what differs from it. */
  last?: string;
}

const memoryBytesMax = 16 * 1024 * 1024;
const diskBytesMax = 256 * 1024 * 1024;
const remotesMax = 200;

/** Pulls what entries name, straight from their Git hosts, with credentials that stay in this cluster. */
export class GitSources implements SourceReader, Running {
  readonly #options: GitSourcesOptions;
  readonly #dispatcher = new GitDispatcher();
  readonly #remotes = new Map<string, OpenRemote>();

  constructor(options: GitSourcesOptions) {
    this.#options = options;
  }

  async read(source: EntrySource): Promise<readonly SourceFile[]> {
    const open = await this.#open(source);
    const paths = [source.path, ...source.also];
    const { trees } = await open.remote.pull({
      commit: source.revision,
      paths: paths.map(gitPath),
      files: true,
      ...(open.last && { have: open.last }),
    });
    open.last = source.revision;
    const files: SourceFile[] = [];
    for (const path of new Set(paths)) {
      const tree = trees.get(gitPath(path));
      if (!tree && path === source.path) throw pathMissing(source);
      if (!tree) continue;
      for (const file of await open.remote.files(tree)) {
        // A path may name a single file, which then has no path of its own below it.
        files.push({ path: [gitPath(path), file.path].filter(Boolean).join('/'), content: file.content });
      }
    }
    return files;
  }

  async stop(): Promise<void> {
    await this.#dispatcher.close();
  }

  async #open({ url, credential }: EntrySource): Promise<OpenRemote> {
    const credentials = credential ? await this.#credentials(credential, url) : undefined;
    const key = fingerprint(url, credentials);
    const known = this.#remotes.get(key);
    if (known) return known;
    const store = await this.#objects(url);
    const remote = new SmartHttpGitRemote({
      url,
      store,
      dispatcher: this.#dispatcher,
      clock: systemClock,
      ...(credentials && { credentials }),
    });
    if (this.#remotes.size >= remotesMax) this.#remotes.delete(this.#remotes.keys().next().value!);
    const open: OpenRemote = { remote };
    this.#remotes.set(key, open);
    return open;
  }

  async #objects(url: string): Promise<ObjectStore> {
    const memory = new InMemoryObjectStore({ bytesMax: memoryBytesMax });
    const { cacheDirectory } = this.#options;
    if (!cacheDirectory) return memory;
    const disk = await GitDirObjectStore.open({
      directory: join(cacheDirectory, fingerprint(url, undefined).slice(0, 16)),
      bytesMax: diskBytesMax,
      objectBytesMax: gitLimits.objectBytesMax,
    });
    return new LayeredObjectStore({ near: memory, far: disk });
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

/** The root of a repository is written `.` in documents and is the empty path in Git. */
function gitPath(path: string): string {
  return path === '.' ? '' : path;
}

function fingerprint(url: string, credentials: GitCredentials | undefined): string {
  const secret = credentials?.kind === 'basic' ? credentials.password : credentials?.token;
  const user = credentials?.kind === 'basic' ? credentials.username : '';
  return createHash('sha256')
    .update(JSON.stringify([url, user, secret?.reveal()]))
    .digest('hex');
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
