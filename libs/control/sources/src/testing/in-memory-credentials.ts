import type { Credential, CredentialPlace, Credentials } from '../credentials.port.ts';

/** Credentials in memory: nothing to seal, because nothing rests. */
export class InMemoryCredentials implements Credentials {
  readonly #credentials = new Map<string, Credential>();

  async get(project: string, name: string): Promise<Credential | undefined> {
    return this.#credentials.get(`${project}/${name}`);
  }

  async put({ project, name }: CredentialPlace, credential: Credential): Promise<void> {
    this.#credentials.set(`${project}/${name}`, credential);
  }
}
