import { freePort, isReady, serviceNames, serviceProcess, until } from '@flotilla/testing';
import type { DataDirectory, DemoSecrets } from '../data-directory.ts';
import { supervise, type Supervised } from '../supervise.ts';

export interface ServicesOptions {
  readonly data: DataDirectory;
  readonly secrets: DemoSecrets;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly gatewayPort: number;
  readonly onRestart: (name: string, how: string) => void;
}

const readyTimeoutMs = 60_000;

/** Starts the four services of the control plane, each as a process of its own, and waits until all of them can serve. */
export async function startServices({ data, onRestart, ...options }: ServicesOptions): Promise<Supervised[]> {
  const cacheDirectory = data.folder('sources');
  const started = serviceNames.map(async (name) => {
    const [healthPort, logFile] = [await freePort(), data.logFile(name)];
    const service = supervise(serviceProcess(name, { ...options, logFile, cacheDirectory, healthPort }), onRestart);
    return { name, service, healthPort, logFile };
  });
  const services = await Promise.all(started);
  for (const { name, healthPort, logFile } of services) {
    await until(() => isReady(healthPort), { what: `${name}, whose log is ${logFile}`, timeoutMs: readyTimeoutMs });
  }
  return services.map(({ service }) => service);
}
