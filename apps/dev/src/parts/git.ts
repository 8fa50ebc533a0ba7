import { hmacSha256 } from '@flotilla/foundation/node';
import { startGitHost, type GitHost } from '@flotilla/testing';
import { seedFiles } from '../seed-files.ts';

export interface DemoGitOptions {
  readonly directory: string;
  readonly port: number;
  readonly webhookSecret: string;
  /** Where a push is told; `undefined` until the repository is known there. */
  readonly hookUrl: () => string | undefined;
}

/** The repository that the demo's fleet follows. */
export const demoRepository = 'shop';

/** A Git host on loopback that tells of each push the way GitHub does: a signed webhook. */
export async function startDemoGit(options: DemoGitOptions): Promise<GitHost> {
  const host = await startGitHost({
    root: options.directory,
    port: options.port,
    onPush: (repository, refs) => {
      const url = options.hookUrl();
      if (!url) return;
      const body = JSON.stringify({ ref: refs[0]?.name, repository: { name: repository } });
      const signature = `sha256=${hmacSha256(options.webhookSecret, body)}`;
      const headers = {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-hub-signature-256': signature,
      };
      // A webhook that is lost costs latency: the next poll sees the push.
      void fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    },
  });
  if (!(await host.hasRepository(demoRepository))) await host.createRepository(demoRepository, seedFiles());
  return host;
}
