import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { checkDocuments } from './check-documents.ts';

const page = await readFile(new URL('../../../../docs/documents.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => text);

it('the examples of docs/documents.md can be applied as they stand, the fleet and what may be added to it', () => {
  const { documents, problems, open } = checkDocuments([{ file: 'fleet.yaml', text: examples.join('---\n') }]);
  const names = documents.map(({ document: { kind, metadata } }) => `${kind} ${metadata.name}`);
  expect([
    names.slice(0, 4),
    names.slice(4, 5),
    names.slice(5, 9),
    [...new Set(names.slice(9).map((name) => name.split(' ')[0]))].toSorted(),
    problems,
    open,
  ]).toEqual([
    ['Repository shop', 'Environment production', 'Pipeline standard', 'Application checkout'],
    ['Environment edge'],
    ['Project default', 'Environment dev', 'Environment staging', 'Pipeline walked'],
    ['Application', 'Freeze', 'Notifier'],
    [],
    [],
  ]);
});
