import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Fault, systemClock, type Running } from '@flotilla/foundation';
import type { Credentials, GitRemote, GitRemotes } from '@flotilla/control-sources';
import {
  GitDirObjectStore,
  GitDispatcher,
  gitLimits,
  InMemoryObjectStore,
  LayeredObjectStore,
  parseRemoteUrl,
  SmartHttpGitRemote,
  type GitCredentials,
  type ObjectStore,
} from '@flotilla/platform-git';
import { tracedRemote } from './traced-remote.ts';

export interface RemoteBookOptions {
  readonly credentials: Credentials;
  readonly cacheDirectory: string | undefined;
}

interface OpenRemote {
  /** What the remote was opened with; anything else opens a new one. */
  readonly madeFrom: string;
  readonly remote: GitRemote;
}

type RepositoryPlace = Parameters<GitRemotes['open']>[0];

const memoryBytesMax = 64 * 1024 * 1024;
const diskBytesMax = 512 * 1024 * 1024;
const remotesMax = 1_000;

/** Remotes that stay open between two looks, each with the objects that make the next fetch small. */
export class RemoteBook implements GitRemotes, Running {
  readonly #options: RemoteBookOptions;
  readonly #dispatcher = new GitDispatcher();
  readonly #remotes = new Map<string, OpenRemote>();

  constructor(options: RemoteBookOptions) {
    this.#options = options;
  }

  async open(place: RepositoryPlace): Promise<GitRemote> {
    const credentials = place.credential ? await this.#credentials(place, place.credential) : undefined;
    const madeFrom = fingerprint(place, credentials);
    const known = this.#remotes.get(place.uid);
    if (known?.madeFrom === madeFrom) return known.remote;
    const smart = new SmartHttpGitRemote({
      url: place.url,
      store: await this.#objects(place.uid),
      dispatcher: this.#dispatcher,
      clock: systemClock,
      ...(credentials && { credentials }),
    });
    const remote = tracedRemote(smart, place.url);
    // The one that was opened longest ago is opened again when it is needed.
    if (this.#remotes.size >= remotesMax) this.#remotes.delete(this.#remotes.keys().next().value!);
    this.#remotes.set(place.uid, { madeFrom, remote });
    return remote;
  }

  async stop(): Promise<void> {
    await this.#dispatcher.close();
  }

  async #objects(repository: string): Promise<ObjectStore> {
    const memory = new InMemoryObjectStore({ bytesMax: memoryBytesMax });
    const { cacheDirectory } = this.#options;
    if (!cacheDirectory) return memory;
    const disk = await GitDirObjectStore.open({
      directory: join(cacheDirectory, repository),
      bytesMax: diskBytesMax,
      objectBytesMax: gitLimits.objectBytesMax,
    });
    return new LayeredObjectStore({ near: memory, far: disk });
  }

  async #credentials({ project, url }: RepositoryPlace, name: string): Promise<GitCredentials> {
    const credential = await this.#options.credentials.get(project, name);
    if (!credential || credential.kind === 'webhook') throw missing(project, name);
    if (new URL(credential.origin).origin !== parseRemoteUrl(url).origin) throw foreign(name, credential.origin, url);
    return credential;
  }
}

function missing(project: string, name: string): Fault {
  return new Fault({
    code: 'not-found',
    reason: 'CredentialMissing',
    message: `there is no Git credential ${name} in project ${project}; set it with: flotilla credential set ${name}`,
    consequence: { kind: 'stall', until: 'the credential is set' },
  });
}

function foreign(name: string, origin: string, url: string): Fault {
  return new Fault({
    code: 'forbidden',
    reason: 'CredentialForOtherOrigin',
    message: `credential ${name} is for ${origin} and was not sent to ${url}`,
    consequence: { kind: 'stall', until: 'the repository names a credential for its own origin' },
  });
}

function fingerprint(place: RepositoryPlace, credentials: GitCredentials | undefined): string {
  const secret = credentials?.kind === 'basic' ? credentials.password : credentials?.token;
  const user = credentials?.kind === 'basic' ? credentials.username : '';
  return createHash('sha256')
    .update(JSON.stringify([place.url, user, secret?.reveal()]))
    .digest('hex');
}
