import { expect, it } from 'vitest';
import { documentSchemas } from '@flotilla/model';
import { resolveRef } from './resolve-ref.ts';

const document = documentSchemas.Repository.parse({
  apiVersion: 'fleet.flotilla.dev/v1alpha1',
  kind: 'Repository',
  metadata: { name: 'shop' },
  spec: { url: 'https://git.example.org/shop.git' },
});
const watched = { uid: 'r', document, refs: [], readers: [] };
const commits = new Map([
  ['refs/heads/main-2', '2'.repeat(40)],
  ['refs/heads/main', '1'.repeat(40)],
]);

it('a ref is exactly the one that is named', () => {
  expect(resolveRef('refs/heads/main', commits, watched)).toBe('1'.repeat(40));
});

it('AT-05: a ref that is not there is nothing else, and no reason to stop anything', () => {
  for (const ref of ['refs/heads/mai', 'refs/tags/main', 'main', '']) {
    expect(() => resolveRef(ref, commits, watched)).toThrow(
      expect.objectContaining({
        reason: 'RefMissing',
        message: `${ref} does not exist in repository shop; what runs is kept. Push the ref, or change what is tracked`,
        consequence: { kind: 'retry' },
      }),
    );
  }
});
