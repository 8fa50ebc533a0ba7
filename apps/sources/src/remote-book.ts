import type { Credentials, GitRemote, GitRemotes } from '@flotilla/control-sources';
import { Fault, systemClock, type Running } from '@flotilla/foundation';
import { parseRemoteUrl, RemotePool, type GitCredentials } from '@flotilla/platform-git';
import { tracedRemote } from './traced-remote.ts';

export interface RemoteBookOptions {
  readonly credentials: Credentials;
  readonly cacheDirectory: string | undefined;
}

type RepositoryPlace = Parameters<GitRemotes['open']>[0];

const limits = { memoryBytesMax: 64 * 1024 * 1024, diskBytesMax: 512 * 1024 * 1024, remotesMax: 1_000 };

/** The remotes of repositories, opened with the control plane's own credentials, each for the origin that it names. */
export class RemoteBook implements GitRemotes, Running {
  readonly #credentials: Credentials;
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

  stop(): Promise<void> {
    return this.#pool.stop();
  }

  async #credentialsFor({ project, url }: RepositoryPlace, name: string): Promise<GitCredentials> {
    const credential = await this.#credentials.get(project, name);
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
