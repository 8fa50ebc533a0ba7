import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@flotilla/foundation';
import { createPlaneSecrets, freePort, type PlaneSecrets } from '@flotilla/testing';

/** What the demo makes up once and keeps, so that a second start goes on with the same fleet. */
export interface DemoSecrets extends PlaneSecrets {
  readonly webhookSecret: string;
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

  private constructor(path: string) {
    this.path = path;
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
    await rm(this.folder('running.pid'), { force: true });
  }

  async #lock(): Promise<void> {
    const file = this.folder('running.pid');
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
    if (pid !== undefined && pid !== process.pid && isAlive(pid)) {
      throw new Fault({
        code: 'conflict',
        reason: 'DemoRunning',
        message: `a demo runs in ${this.path} already (process ${pid}); stop it, or give this one another folder with --data DIR`,
      });
    }
    await writeFile(file, String(process.pid));
  }
}

export function createSecrets(): DemoSecrets {
  return { ...createPlaneSecrets(), webhookSecret: randomBytes(24).toString('hex'), clusterTokens: {} };
}

export async function createPorts(gateway: number): Promise<DemoPorts> {
  return { gateway, git: await freePort(), nats: await freePort(), postgres: await freePort(), clusters: {} };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
