import { countingIds } from '@flotilla/foundation/testing';
import type { WorkKind } from '@flotilla/model';
import { InMemoryCredentials } from './in-memory-credentials.ts';
import { InMemoryDocuments } from './in-memory-documents.ts';
import { InMemoryRepositories } from './in-memory-repositories.ts';
import { InMemoryRevisions } from './in-memory-revisions.ts';

/** Everything `sources` stands on, in memory, and what it marked. */
export function inMemorySourcesWorld() {
  const marked = new Set<string>();
  const mark = (kind: WorkKind, keys: readonly string[]) => keys.forEach((key) => marked.add(`${kind}/${key}`));
  const documents = new InMemoryDocuments({ ids: countingIds('uid'), mark });
  return {
    documents,
    revisions: new InMemoryRevisions({ documents, mark }),
    repositories: new InMemoryRepositories({ documents, mark }),
    credentials: new InMemoryCredentials(),
    uidOf: async (kind: Parameters<typeof documents.byKey>[0]['kind'], name: string) =>
      documents.byKey({ project: 'default', kind, name })!.uid,
    marks: async () => {
      const marks = [...marked].toSorted((left, right) => (left < right ? -1 : 1));
      marked.clear();
      return marks;
    },
  };
}
