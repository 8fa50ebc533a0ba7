import type {
  Credentials,
  GitHost,
  GitHosts,
  GitRemote,
  GitRemotes,
  GitWriter,
  GitWriters,
  StoredRepository,
} from '@flotilla/control-sources';
import { Fault, systemClock, type Running } from '@flotilla/foundation';
import {
  defaultApiUrl,
  GitDispatcher,
  parseRemoteUrl,
  RemotePool,
  RestPullRequests,
  type GitCredentials,
} from '@flotilla/platform-git';
import { tracedRemote, tracedWriter } from './traced-remote.ts';

export interface RemoteBookOptions {
  readonly credentials: Credentials;
  readonly cacheDirectory: string | undefined;
}

type RepositoryPlace = Parameters<GitRemotes['open']>[0];

const limits = { memoryBytesMax: 64 * 1024 * 1024, diskBytesMax: 512 * 1024 * 1024, remotesMax: 1_000 };

/**
 * The remotes of repositories, opened with the control plane's own credentials, each for the origin that it names. What
 * writes and what opens pull requests are others than what reads, and are never used for anything else.
 */
export class RemoteBook implements GitRemotes, GitWriters, GitHosts, Running {
  readonly #credentials: Credentials;
  readonly #dispatcher = new GitDispatcher();
  readonly #pool: RemotePool;

  constructor({ credentials, cacheDirectory }: RemoteBookOptions) {
    this.#credentials = credentials;
    this.#pool = new RemotePool({ ...limits, clock: systemClock, cacheDirectory });
  }

  async open(place: RepositoryPlace): Promise<GitRemote> {
    const { uid, url, credential } = place;
    const credentials = credential ? await this.#credentialsFor(place, credential) : undefined;
    return tracedRemote(await this.#pool.open({ key: uid, url, credentials }), url);
  }

  /** With a place of its own among the remotes: what was opened to read never gets to write. */
  async openToWrite(place: Parameters<GitWriters['openToWrite']>[0]): Promise<GitWriter> {
    const { uid, url, credential } = place;
    const credentials = await this.#credentialsFor(place, credential);
    return tracedWriter(await this.#pool.open({ key: `${uid}.write`, url, credentials }), url);
  }

  async openHost({ document: { metadata, spec } }: StoredRepository): Promise<GitHost | undefined> {
    const { host } = spec;
    if (!host) return undefined;
    const url = host.url ?? defaultApiUrl(host.type, spec.url);
    const credentials = await this.#credentialsFor({ project: metadata.project, url }, host.credential);
    const repositoryPath = parseRemoteUrl(spec.url)
      .path.slice(1)
      .replace(/\.git$/, '');
    const options = { type: host.type, url, credentials, repositoryPath };
    return new RestPullRequests({ ...options, dispatcher: this.#dispatcher, clock: systemClock });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#pool.stop(), this.#dispatcher.close()]);
  }

  async #credentialsFor(
    { project, url }: Pick<RepositoryPlace, 'project' | 'url'>,
    name: string,
  ): Promise<GitCredentials> {
    const credential = await this.#credentials.get(project, name);
    if (!credential || !('origin' in credential)) throw missing(project, name);
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
