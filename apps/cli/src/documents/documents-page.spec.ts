import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { checkDocuments } from './check-documents.ts';

const page = await readFile(new URL('../../../../docs/documents.md', import.meta.url), 'utf8');

it('the example of docs/documents.md can be applied as it stands', () => {
  const [, text = ''] = /```yaml\n([^]*?)```/.exec(page)!;
  const { documents, problems, open } = checkDocuments([{ file: 'fleet.yaml', text }]);
  expect([documents.map(({ document }) => document.kind), problems, open]).toEqual([
    ['Repository', 'Environment', 'Pipeline', 'Application'],
    [],
    [],
  ]);
});
