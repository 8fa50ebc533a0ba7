import { spawnSync } from 'node:child_process';
import type { Running } from '@flotilla/foundation';
import { temporaryDirectory } from '@flotilla/testing';

/** A disk with very little room, which can be made larger. */
export interface SmallDisk extends Running {
  readonly path: string;
  enlarge(): void;
}

/** Whom PostgreSQL runs as where we are root, who alone may mount. */
const servant = 65_534;

/** A real one, where this machine lets us make it (root on Linux, as a rule); otherwise `undefined`. */
export async function smallDisk(): Promise<SmallDisk | undefined> {
  const directory = await temporaryDirectory('disk');
  const { path } = directory;
  if (!succeeds('mount', ['-t', 'tmpfs', '-o', `size=4m,uid=${servant},mode=700`, 'tmpfs', path]))
    return void (await directory.remove());
  return {
    path,
    enlarge: () => void succeeds('mount', ['-o', 'remount,size=64m', path]),
    stop: async () => {
      succeeds('umount', [path]);
      await directory.remove();
    },
  };
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, [...args], { stdio: 'ignore' }).status === 0;
}
