import { hmacSha256 } from '@flotilla/foundation/node';
import { startGitHost, type GitHost } from '@flotilla/testing';
import { seedFiles } from '../seed-files.ts';

/** Somebody who may push to the demo's repository, which everybody may read. */
export interface GitPusher {
  readonly username: string;
  readonly password: string;
}

export interface DemoGitOptions {
  readonly directory: string;
  readonly port: number;
  readonly webhookSecret: string;
  /** Who may push. */
  readonly pushers: readonly GitPusher[];
  /** Where a push is told; `undefined` until the repository is known there. */
  readonly hookUrl: () => string | undefined;
}

/** The repository that the demo's fleet follows. */
export const demoRepository = 'shop';

export interface DemoGit {
  readonly host: GitHost;
  /** The repository was made now: nobody has seen anything of it yet. */
  readonly isNew: boolean;
}

/** A Git host on loopback that tells of each push the way GitHub does: a signed webhook. */
export async function startDemoGit(options: DemoGitOptions): Promise<DemoGit> {
  const host = await startGitHost({
    root: options.directory,
    port: options.port,
    pushers: { [demoRepository]: options.pushers },
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
  const isNew = !(await host.hasRepository(demoRepository));
  if (isNew) await host.createRepository(demoRepository, seedFiles());
  return { host, isNew };
}

/** The repository's address with the name and the password of somebody who may push in it. */
export function pushUrl(git: GitHost, { username, password }: GitPusher): string {
  return Object.assign(new URL(git.url(demoRepository)), { username, password }).href;
}
