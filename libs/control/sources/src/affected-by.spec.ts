import { expect, it } from 'vitest';
import { keyOfDocument, type DocumentChange } from '@flotilla/model';
import { readDocuments } from '@flotilla/workload-manifests';
import { affectedBy } from './affected-by.ts';
import { shopDocuments } from './testing/documents.ts';

const file = shopDocuments({ applications: ['checkout', 'catalog'], environments: ['dev', 'staging'] });
/** The shop, and an application of it that goes its own way. */
const text = `${file.text}---
apiVersion: fleet.flotilla.dev/v1alpha1
kind: Pipeline
metadata: {name: short}
spec: {stages: [{environment: dev, track: {repository: tools, branch: main}}]}
---
apiVersion: fleet.flotilla.dev/v1alpha1
kind: Repository
metadata: {name: tools}
spec: {url: "https://git.example.org/tools.git"}
---
apiVersion: fleet.flotilla.dev/v1alpha1
kind: Application
metadata: {name: lint}
spec: {pipeline: short, source: {repository: tools, path: lint}, namespace: lint}
---
apiVersion: fleet.flotilla.dev/v1alpha1
kind: Project
metadata: {name: default}
spec: {}
---
apiVersion: fleet.flotilla.dev/v1alpha1
kind: Freeze
metadata: {name: year-end}
spec: {environments: [dev], reason: holidays, until: lifted}
---
apiVersion: fleet.flotilla.dev/v1alpha1
kind: Freeze
metadata: {name: incident}
spec: {applications: ['c*'], reason: incident 42, until: lifted}
`;
const stored = readDocuments([{ ...file, text }]).documents.map(({ document }) => ({
  uid: `${document.kind}-${document.metadata.name}`,
  document,
}));

const change = (uid: string, action: DocumentChange['action']): DocumentChange => {
  const { document } = stored.find((each) => each.uid === uid)!;
  return { action, key: keyOfDocument(document), document };
};
const affected = (...changes: DocumentChange[]) => {
  const deleted = new Set(changes.filter(({ action }) => action === 'delete').map(({ document }) => document));
  const after = stored.filter(({ document }) => !deleted.has(document));
  const { applications, repositories } = affectedBy({ changes, before: stored, after });
  return [...applications, ...repositories].map((uid) => uid.split('-').slice(1).join('-'));
};

it.each([
  ['an application', 'Application-checkout', 'update', ['checkout', 'shop']],
  ['its pipeline', 'Pipeline-standard', 'update', ['checkout', 'catalog', 'shop']],
  ['an environment of one pipeline', 'Environment-staging', 'update', ['checkout', 'catalog', 'shop']],
  ['an environment of two', 'Environment-dev', 'update', ['checkout', 'catalog', 'lint', 'shop', 'tools']],
  ['their project', 'Project-default', 'update', ['checkout', 'catalog', 'lint', 'shop', 'tools']],
  ['a repository', 'Repository-tools', 'update', ['lint', 'tools']],
  ['an application that is deleted', 'Application-lint', 'delete', ['lint', 'tools']],
  ['a freeze, without a look at Git', 'Freeze-year-end', 'update', ['checkout', 'catalog', 'lint']],
  ['a freeze that is lifted', 'Freeze-incident', 'delete', ['checkout', 'catalog']],
  ['what stays as it is', 'Application-checkout', 'unchanged', []],
] as const)('%s is looked at again, and what hangs on it', (_what, uid, action, expected) => {
  expect(affected(change(uid, action))).toEqual(expected);
});
