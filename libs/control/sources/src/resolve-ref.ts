import { Fault } from '@flotilla/foundation';
import type { WatchedRepository } from './revisions.port.ts';

/** A ref that vanished is never read as "nothing should run": what runs is kept until a person mends it. */
export function resolveRef(ref: string, commits: ReadonlyMap<string, string>, watched: WatchedRepository): string {
  const commit = commits.get(ref);
  if (commit) return commit;
  const { name } = watched.document.metadata;
  throw new Fault({
    code: 'not-found',
    reason: 'RefMissing',
    message: `${ref} does not exist in repository ${name}; what runs is kept. Push the ref, or change what is tracked`,
    subject: `Repository ${name}`,
    consequence: { kind: 'retry' },
  });
}
