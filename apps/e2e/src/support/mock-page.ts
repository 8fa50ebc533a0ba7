import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { assertThat } from '@flotilla/foundation';
import { plainEnvironment, webDirectory } from '@flotilla/testing';

/** Builds the page over a made-up fleet, from the sources as they are now, and says where it lies. It takes a second. */
export function buildMockPage(): string {
  const web = dirname(webDirectory);
  const vite = join(web, '../../node_modules/vite/bin/vite.js');
  const built = spawnSync(process.execPath, [vite, 'build', web, '--mode', 'mock', '--outDir', 'dist-mock'], {
    encoding: 'utf8',
    env: plainEnvironment(),
  });
  assertThat(built.status === 0, `the page can be built: ${built.stderr}`);
  return join(web, 'dist-mock');
}
