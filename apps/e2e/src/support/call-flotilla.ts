import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { PlaneFixture } from './plane-fixture.ts';

const cliPath = new URL('../../../cli/dist/main.js', import.meta.url).pathname;

/** What a call of the program came to. */
export interface Called {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The program as a person calls it, with this token. */
export function callFlotilla(plane: PlaneFixture, token: string, args: readonly string[]): Promise<Called> {
  const env = {
    ...process.env,
    FLOTILLA_SERVER: plane.urls[0]!,
    FLOTILLA_TOKEN: token,
    FLOTILLA_CONFIG: join(plane.directory, 'no-config.json'),
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [cliPath, ...args], { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}
