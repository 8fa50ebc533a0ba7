import type { Running } from '@flotilla/foundation';
import { freePort, isReady, serviceNames, serviceProcess, until } from '@flotilla/testing';
import type { DataDirectory, DemoSecrets } from '../data-directory.ts';
import { superviseProcess, type Watcher } from '../supervise.ts';

export interface ServicesOptions {
  readonly data: DataDirectory;
  readonly secrets: DemoSecrets;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly gatewayPort: number;
  readonly watcher: Watcher;
  /** Where each process is put as soon as it runs, so that it is stopped whatever comes. */
  readonly started: Running[];
}

const readyTimeoutMs = 60_000;

/** Starts the four services of the control plane, each as a process of its own, and waits until all of them can serve. */
export async function startServices({ data, watcher, started, ...options }: ServicesOptions): Promise<void> {
  const cacheDirectory = data.folder('sources');
  const services = await Promise.all(
    serviceNames.map(async (name) => ({ name, healthPort: await freePort(), logFile: data.logFile(name) })),
  );
  for (const { name, healthPort, logFile } of services) {
    started.push(
      await superviseProcess(serviceProcess(name, { ...options, logFile, cacheDirectory, healthPort }), watcher),
    );
  }
  for (const { name, healthPort, logFile } of services) {
    await until(() => isReady(healthPort), { what: `${name}, whose log is ${logFile}`, timeoutMs: readyTimeoutMs });
  }
}
