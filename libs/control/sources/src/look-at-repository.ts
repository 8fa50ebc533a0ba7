import { Fault, jittered, parseDuration, type Random } from '@flotilla/foundation';
import { pollIntervalDefault } from '@flotilla/model';
import { configure } from './configure.ts';
import type { Documents } from './documents.port.ts';
import type { GitRemote, GitRemotes } from './git-remote.port.ts';
import { resolveRef } from './resolve-ref.ts';
import type { Revisions, TrackedRef, WatchedRepository } from './revisions.port.ts';

/** What looking at a repository needs. */
export interface LookPorts {
  readonly remotes: GitRemotes;
  readonly revisions: Revisions;
  readonly documents: Documents;
  readonly random: Random;
}

/** What a look found, and when to look again if nobody says so earlier. */
export interface Looked {
  readonly recorded: readonly { readonly ref: string; readonly commit: string }[];
  readonly planned: readonly string[];
  readonly nextInMs: number;
}

/**
 * Asks a remote where its tracked refs point and records what is new. One request when nothing changed. A ref that
 * fails leaves the others alone; the first failure is raised at the end, so that it is retried and can be explained.
 */
export async function lookAtRepository(
  ports: LookPorts,
  repository: string,
  signal: AbortSignal,
): Promise<Looked | undefined> {
  const watched = await ports.revisions.watched(repository);
  if (!watched) return undefined;
  const remote = await openRemote(ports, watched);
  const names = namesToAsk(watched);
  const found = names.length === 0 ? [] : await remote.listRefs({ names, signal });
  const commits = new Map(found.map(({ name, commit }) => [name, commit]));

  const recorded: { ref: string; commit: string }[] = [];
  const planned = new Set<string>();
  const failures: unknown[] = [];
  const attempt = (task: () => Promise<void>) => task().catch((error: unknown) => void failures.push(error));

  await attempt(() => configure(ports, { watched, remote, commits, signal }));
  for (const tracked of watched.refs) {
    await attempt(async () => {
      const commit = resolveRef(tracked.ref, commits, watched);
      const marked = await recordRef(ports, { watched, remote, tracked, commit, signal });
      if (!marked) return;
      recorded.push({ ref: tracked.ref, commit });
      for (const application of marked) planned.add(application);
    });
  }
  const nextInMs = nextLook(watched, ports.random);
  if (failures.length > 0) throw lookedAtAgain(failures[0], nextInMs);
  return { recorded, planned: [...planned], nextInMs };
}

/** What only a person can mend in one ref is mended by a commit, and that is only seen by looking again. */
function lookedAtAgain(failure: unknown, afterMs: number): unknown {
  if (!(failure instanceof Fault) || failure.consequence.kind === 'retry') return failure;
  const { code, reason, message, subject } = failure;
  const consequence = { kind: 'retry', afterMs } as const;
  return new Fault({ code, reason, message, consequence, cause: failure, ...(subject && { subject }) });
}

interface RefLook {
  readonly watched: WatchedRepository;
  readonly remote: GitRemote;
  readonly tracked: TrackedRef;
  readonly commit: string;
  readonly signal: AbortSignal;
}

/** Records one ref when it moved or when somebody reads a path there for the first time. */
async function recordRef(ports: LookPorts, look: RefLook): Promise<readonly string[] | undefined> {
  const { watched, remote, tracked, commit, signal } = look;
  const readers = watched.readers.filter(({ ref }) => ref === tracked.ref);
  const paths = [...new Set(readers.flatMap((reader) => reader.paths))];
  const moved = tracked.commit !== commit;
  if (!moved && paths.every((path) => tracked.known.has(path))) return undefined;
  const have = tracked.commit && moved ? { have: tracked.commit } : {};
  const pulled = await remote.pull({ commit, paths, files: false, signal, ...have });
  return ports.revisions.record({
    repository: watched.uid,
    ref: tracked.ref,
    commit: pulled.commit,
    trees: pulled.trees,
    readers,
  });
}

function openRemote(ports: LookPorts, watched: WatchedRepository): Promise<GitRemote> {
  const { url, credentials } = watched.document.spec;
  const credential = credentials?.controlPlane;
  const { project } = watched.document.metadata;
  return ports.remotes.open({ uid: watched.uid, project, url, ...(credential && { credential }) });
}

function namesToAsk(watched: WatchedRepository): string[] {
  const { configuration } = watched.document.spec;
  const names = watched.refs.map(({ ref }) => ref);
  return [...new Set(configuration ? [...names, `refs/heads/${configuration.branch}`] : names)];
}

function nextLook(watched: WatchedRepository, random: Random): number {
  const interval = parseDuration(watched.document.spec.poll?.interval ?? pollIntervalDefault)!;
  return jittered(interval, 0.1, random);
}
