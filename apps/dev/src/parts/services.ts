import { serviceNames, serviceProcess } from '@flotilla/testing';
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

/** Starts the four services of the control plane, each as a process of its own, as in production. */
export function startServices({ data, onRestart, ...options }: ServicesOptions): Supervised[] {
  return serviceNames.map((name) =>
    supervise(
      serviceProcess(name, { ...options, logFile: data.logFile(name), cacheDirectory: data.folder('sources') }),
      onRestart,
    ),
  );
}
