import { Fault } from '@flotilla/foundation';
import { shortCommit, systemActor, type OwnedDocument } from '@flotilla/model';
import { healthRuleProblems } from '@flotilla/workload-health';
import { problemLine, readDocuments, type DocumentFile } from '@flotilla/workload-manifests';
import type { Documents } from './documents.port.ts';
import type { GitFile, GitRemote } from './git-remote.port.ts';
import { planReading } from './read-plan.ts';
import { resolveRef } from './resolve-ref.ts';
import type { WatchedRepository } from './revisions.port.ts';

export interface ConfigurationLook {
  readonly watched: WatchedRepository;
  readonly remote: GitRemote;
  readonly commits: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

/**
 * Lets the documents at a repository's configuration path take effect: all of them, or none. A path that is missing or
 * empty is an error, never "delete everything".
 */
export async function configure(ports: { documents: Documents }, look: ConfigurationLook): Promise<void> {
  const { watched, remote, commits, signal } = look;
  const { configuration } = watched.document.spec;
  if (!configuration) return;
  const commit = resolveRef(`refs/heads/${configuration.branch}`, commits, watched);
  // With its path: at another path the same commit says something else.
  const state = `${commit}:${configuration.path}`;
  if (state === watched.configured) return;
  const { name, project } = watched.document.metadata;
  const place = `${configuration.path} of repository ${name} at ${shortCommit(commit)}`;
  const pulled = await remote.pull({ commit, paths: [configuration.path], files: true, signal });
  const tree = pulled.trees.get(configuration.path);
  const files = tree ? documentFiles(await remote.files(tree), configuration.path) : [];
  if (files.length === 0) throw refusedConfiguration(place, ['there are no YAML files there']);
  const reading = readDocuments(files, healthRuleProblems);
  if (reading.documents.length + reading.problems.length === 0)
    throw refusedConfiguration(place, ['there are no documents in its files']);
  const owner = `${project}/${name}:${configuration.path}`;
  await ports.documents.change({
    project,
    owner,
    by: systemActor(`git:${name}@${shortCommit(commit)}`),
    decide: (stored) => {
      const current = stored.map(movedTo(owner, `${project}/${name}:`));
      const { plan, problems } = planReading({ reading, current, project, owner, complete: true });
      if (problems.length > 0) throw refusedConfiguration(place, problems.map(problemLine));
      return plan;
    },
    configuredBy: { repository: watched.uid, state },
  });
}

/** A repository has one configuration path. When it moves, what it configured moves along. */
function movedTo(owner: string, repository: string): (stored: OwnedDocument) => OwnedDocument {
  return (stored) => (stored.owner.startsWith(repository) ? { ...stored, owner } : stored);
}

function documentFiles(files: readonly GitFile[], root: string): DocumentFile[] {
  return files
    .filter(({ path }) => /\.(ya?ml|json)$/.test(path))
    .map(({ path, content }) => ({ file: `${root}/${path}`, text: new TextDecoder().decode(content) }));
}

function refusedConfiguration(place: string, problems: readonly string[]): Fault {
  return new Fault({
    code: 'invalid',
    reason: 'ConfigurationInvalid',
    message: `nothing was changed by ${place}: ${problems.slice(0, 20).join('; ')}`,
    subject: place,
    // The next commit is the cure, and the next look will see it.
    consequence: { kind: 'retry', afterMs: 60_000 },
  });
}
