import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@flotilla/foundation';
import { createPlaneSecrets, freePort, type PlaneSecrets } from '@flotilla/testing';
import { isRunning, knownProcess, ProcessBook, type KnownProcess } from './process-book.ts';

/** What the demo makes up once and keeps, so that a second start goes on with the same fleet. */
export interface DemoSecrets extends PlaneSecrets {
  readonly webhookSecret: string;
  /** Who may push to the demo's repository: the person who tries it out, and the control plane. */
  readonly pushPassword: string;
  readonly writePassword: string;
  readonly clusterTokens: Record<string, string>;
}

export interface DemoPorts {
  gateway: number;
  readonly git: number;
  readonly nats: number;
  readonly postgres: number;
  readonly clusters: Record<string, number>;
}

/** Everything the demo keeps, in one folder that can be deleted in one move. */
export class DataDirectory {
  readonly path: string;
  readonly processes: ProcessBook;

  private constructor(path: string) {
    this.path = path;
    this.processes = new ProcessBook(join(path, 'processes.json'));
  }

  /** Opens the folder for this process alone. */
  static async open(path: string): Promise<DataDirectory> {
    await mkdir(path, { recursive: true });
    // PostgreSQL runs as another user when root starts the demo, and has to get to its own folder.
    await chmod(path, 0o755);
    const directory = new DataDirectory(path);
    await directory.#lock();
    return directory;
  }

  folder(name: string): string {
    return join(this.path, name);
  }

  async makeFolder(name: string): Promise<string> {
    await mkdir(this.folder(name), { recursive: true });
    return this.folder(name);
  }

  logFile(name: string): string {
    return join(this.path, 'logs', `${name}.log`);
  }

  /** What is kept under a name, or what `create` makes up now. */
  async kept<Value>(name: string, create: () => Promise<Value> | Value): Promise<Value> {
    const file = this.folder(`${name}.json`);
    if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as Value;
    const value = await create();
    await this.keep(name, value);
    return value;
  }

  async keep(name: string, value: unknown): Promise<void> {
    await writeFile(this.folder(`${name}.json`), JSON.stringify(value, null, 2), { mode: 0o600 });
  }

  async close(): Promise<void> {
    await this.processes.close();
    await rm(this.folder('running.json'), { force: true });
  }

  async #lock(): Promise<void> {
    const holder = this.#holder();
    if (holder && isRunning(holder)) {
      throw new Fault({
        code: 'conflict',
        reason: 'DemoRunning',
        message: `a demo runs in ${this.path} already (process ${holder.pid}); stop it, or give this one another folder with --data DIR`,
      });
    }
    await writeFile(this.folder('running.json'), JSON.stringify(knownProcess(process.pid)));
  }

  #holder(): KnownProcess | undefined {
    try {
      return JSON.parse(readFileSync(this.folder('running.json'), 'utf8')) as KnownProcess;
    } catch {
      // Nobody was here, or somebody was killed while saying so.
      return undefined;
    }
  }
}

/** What was made up for a folder; what a newer demo needs besides is made up now. */
export async function keptSecrets(data: DataDirectory): Promise<DemoSecrets> {
  const made = createSecrets();
  const kept = await data.kept('secrets', () => made);
  const secrets = { ...made, ...kept, broker: { ...made.broker, ...kept.broker } };
  await data.keep('secrets', secrets);
  return secrets;
}

function createSecrets(): DemoSecrets {
  const word = () => randomBytes(24).toString('hex');
  const words = { webhookSecret: word(), pushPassword: word(), writePassword: word() };
  return { ...createPlaneSecrets(), ...words, clusterTokens: {} };
}

export async function createPorts(gateway: number): Promise<DemoPorts> {
  return { gateway, git: await freePort(), nats: await freePort(), postgres: await freePort(), clusters: {} };
}
