import type { Running } from '@flotilla/foundation';
import { startGitHost, startNatsServer, startPostgres, until, type Child, type GitHost } from '@flotilla/testing';
import type { BrokerKeys } from '@flotilla/platform-bus';

/** Something that dies, and comes back at the same address with what it kept. */
export interface MortalPart extends Running {
  readonly name: string;
  readonly isUp: boolean;
  /** Starts it, unless it runs. */
  start(): Promise<void>;
  /** Ends it at once, wherever it is: it gets to say and to write nothing more. */
  kill(): Promise<void>;
}

/** A process as a mortal part. */
export class MortalProcess implements MortalPart {
  readonly name: string;
  readonly #spawn: () => Promise<Child> | Child;
  #child: Child | undefined;

  constructor(name: string, spawn: () => Promise<Child> | Child) {
    this.name = name;
    this.#spawn = spawn;
  }

  get isUp(): boolean {
    return this.#child?.alive ?? false;
  }

  async start(): Promise<void> {
    if (!this.isUp) this.#child = await this.#spawn();
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#child?.exited;
  }

  async stop(): Promise<void> {
    await this.#child?.stop();
  }
}

/** PostgreSQL that keeps what it committed through every kill, on a directory that may be another each time. */
export function mortalPostgres(directory: () => string, port: number): MortalProcess {
  // Sessions of the one before may still be leaving, and it does not start beside them.
  const start = () => startPostgres({ directory: directory(), port, outlive: 'kill' });
  return new MortalProcess(
    'postgres',
    async () => (await until(start, { what: 'PostgreSQL', timeoutMs: 60_000 })).child,
  );
}

/** nats-server on a directory that may be another each time. */
export function mortalBroker(directory: () => string, port: number, keys: BrokerKeys): MortalProcess {
  return new MortalProcess(
    'nats-server',
    async () => (await startNatsServer({ directory: directory(), port, keys })).child,
  );
}

/** A Git host, which keeps its repositories. */
export class MortalGit implements MortalPart {
  readonly name = 'git';
  readonly #root: string;
  readonly #port: number;
  #host: GitHost | undefined;

  constructor(root: string, port: number) {
    this.#root = root;
    this.#port = port;
  }

  get isUp(): boolean {
    return this.#host !== undefined;
  }

  /** The host while it is up. People push to it then, and to nothing otherwise. */
  get host(): GitHost {
    if (!this.#host) throw new Error('the Git host is down');
    return this.#host;
  }

  async start(): Promise<void> {
    this.#host ??= await startGitHost({ root: this.#root, port: this.#port });
  }

  async kill(): Promise<void> {
    const host = this.#host;
    this.#host = undefined;
    await host?.close();
  }

  stop(): Promise<void> {
    return this.kill();
  }
}
