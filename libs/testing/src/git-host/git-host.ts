import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@flotilla/foundation';
import { answerWithFault, PlannedFaults, type HostFault } from './host-fault.ts';
import { HostRepositories, type CommitOptions } from './host-repositories.ts';
import { TrafficMeter, type HostTraffic } from './host-traffic.ts';
import { serveWithHttpBackend } from './http-backend.ts';
import type { FileChanges } from './import-stream.ts';
import { runGit } from './run-git.ts';

export type HostCredential = { readonly username: string; readonly password: string } | { readonly token: string };

/** One ref that a push or a helper moved; no `commit` when it was deleted. */
export interface MovedRef {
  readonly name: string;
  readonly before?: string;
  readonly commit?: string;
}

export interface GitHostOptions {
  /** The directory of the bare repositories; what is there already is served again. */
  readonly root: string;
  readonly port?: number;
  /** Who may come in, by repository; a repository that is not named here is open to all. */
  readonly credentials?: Readonly<Record<string, HostCredential>>;
  /** Who may push, by repository, where everybody may read; where nobody is named, whoever comes in may push. */
  readonly pushers?: Readonly<Record<string, readonly HostCredential[]>>;
  /** Called after refs of a repository moved, by a push or by a helper here: a real host sends its webhook then. */
  readonly onPush?: (repository: string, refs: readonly MovedRef[]) => void | Promise<void>;
}

/** What the host was asked, as it arrived. */
export interface HostRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const requestsKept = 1_000;

/** Starts a smart-HTTP Git host on this machine, for tests and the demo. */
export async function startGitHost(options: GitHostOptions): Promise<GitHost> {
  await mkdir(options.root, { recursive: true });
  const program = join(await runGit(['--exec-path'], { directory: options.root }), 'git-http-backend');
  const host = new GitHost(options, program);
  await host.listen();
  return host;
}

/** A Git host with its repositories: real Git behind HTTP, with helpers to change them and to make it fail. */
export class GitHost {
  readonly faults = new PlannedFaults();
  readonly requests: HostRequest[] = [];
  readonly #options: GitHostOptions;
  readonly #program: string;
  readonly #server: Server;
  readonly #repositories: HostRepositories;
  readonly #traffic = new TrafficMeter();
  readonly #credentials: Map<string, HostCredential>;

  constructor(options: GitHostOptions, program: string) {
    this.#options = options;
    this.#program = program;
    this.#repositories = new HostRepositories(options.root);
    this.#credentials = new Map(Object.entries(options.credentials ?? {}));
    this.#server = createServer((request, response) => {
      // A repository that is not there, or a hook that fails, is an answer of this request and no end of the host.
      this.#handle(request, response).catch(() => {
        if (response.headersSent) response.destroy();
        else response.writeHead(500).end();
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port ?? 0, '127.0.0.1', resolve);
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  url(repository: string): string {
    return `${this.origin}/${repository}.git`;
  }

  directory(repository: string): string {
    return this.#repositories.directory(repository);
  }

  traffic(repository: string): HostTraffic {
    return this.#traffic.of(repository);
  }

  fail(repository: string, fault: HostFault, times = 1): void {
    this.faults.plan(repository, fault, times);
  }

  setCredential(repository: string, credential: HostCredential | undefined): void {
    if (credential) this.#credentials.set(repository, credential);
    else this.#credentials.delete(repository);
  }

  hasRepository(repository: string): Promise<boolean> {
    return this.#repositories.has(repository);
  }

  /** Makes a repository with a first commit on `main`, and gives the commit. */
  async createRepository(repository: string, files: FileChanges, options: CommitOptions = {}): Promise<string> {
    await this.#repositories.create(repository);
    return this.commit(repository, files, { message: 'first', ...options });
  }

  removeRepository(repository: string): Promise<void> {
    return this.#repositories.remove(repository);
  }

  commit(repository: string, changes: FileChanges, options: CommitOptions = {}): Promise<string> {
    return this.#moving(repository, () => this.#repositories.commit(repository, changes, options));
  }

  /** Points a branch at any commit, as a forced push does. */
  rewind(repository: string, branch: string, commit: string): Promise<void> {
    return this.#moving(repository, () => this.#repositories.setRef(repository, `refs/heads/${branch}`, commit));
  }

  deleteBranch(repository: string, branch: string): Promise<void> {
    return this.#moving(repository, () => this.#repositories.deleteRef(repository, `refs/heads/${branch}`));
  }

  /** Tags a commit; with a message, the tag is an object of its own, whose id is given. */
  async tag(repository: string, name: string, options: { commit: string; message?: string }): Promise<string> {
    const { commit, message } = options;
    const seconds = Math.floor(systemClock.now() / 1000);
    const text = `object ${commit}\ntype commit\ntag ${name}\ntagger Fleet Demo <demo@flotilla.example> ${seconds} +0000\n\n${message}\n`;
    const target =
      message === undefined ? commit : await this.#repositories.writeObject(repository, 'tag', Buffer.from(text));
    await this.#moving(repository, () => this.#repositories.setRef(repository, `refs/tags/${name}`, target));
    return target;
  }

  refs(repository: string): Promise<Map<string, string>> {
    return this.#repositories.refs(repository);
  }

  writeObject(repository: string, type: string, content: Uint8Array): Promise<string> {
    return this.#repositories.writeObject(repository, type, content);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const repository = repositoryOf(request.url ?? '/');
    this.#traffic.watch(repository, request, response);
    this.requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    if (this.requests.length > requestsKept) this.requests.shift();
    const fault = this.faults.take(repository);
    if (fault && (await answerWithFault(fault, response))) return;
    if (!this.#mayCome(repository, request)) return refuse(response);
    const serve = () =>
      serveWithHttpBackend(request, response, {
        program: this.#program,
        root: this.#options.root,
        user: 'demo',
        truncateAfter: fault?.kind === 'truncate' ? fault.bytes : undefined,
      });
    await (request.url?.endsWith('/git-receive-pack') ? this.#moving(repository, serve) : serve());
  }

  #mayCome(repository: string, { url, headers }: IncomingMessage): boolean {
    const isOneOf = (known: readonly HostCredential[]) =>
      known.some((each) => isAuthorized(headers.authorization, each));
    const reader = this.#credentials.get(repository);
    const pushers = this.#options.pushers?.[repository];
    // A push asks for the refs first, and names what for; Git sends a password only once it was refused without one.
    const isPush = url?.includes('git-receive-pack') === true;
    return (!reader || isOneOf([reader])) && (!pushers || !isPush || isOneOf(pushers));
  }

  /** Runs what may move refs and tells of those that did. */
  async #moving<Result>(repository: string, task: () => Promise<Result>): Promise<Result> {
    if (!this.#options.onPush) return task();
    const before = await this.#repositories.refs(repository);
    const result = await task();
    const after = await this.#repositories.refs(repository);
    const moved = movedRefs(before, after);
    if (moved.length > 0) await this.#options.onPush(repository, moved);
    return result;
  }
}

function movedRefs(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): MovedRef[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  return names.map((name) => {
    const [old, commit] = [before.get(name), after.get(name)];
    return { name, ...(old && { before: old }), ...(commit && { commit }) };
  });
}

function repositoryOf(url: string): string {
  return decodeURIComponent(url.split('/')[1] ?? '').replace(/\.git$/, '');
}

function isAuthorized(header: string | undefined, credential: HostCredential): boolean {
  if ('token' in credential) return header === `Bearer ${credential.token}`;
  const basic = Buffer.from(`${credential.username}:${credential.password}`).toString('base64');
  return header === `Basic ${basic}`;
}

function refuse(response: ServerResponse): void {
  response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
}
