import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TestCluster } from './testing/test-cluster.ts';

interface ListedResource {
  readonly name: string;
  readonly verbs: readonly string[];
}

const every = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const everyBelow = ['get', 'patch', 'update'];

it('the README lists exactly what is served', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const listed = readme.split('\n').filter((line) => /^\| `(v1|[a-z0-9.]+\/v\d)` \|/.test(line));
  expect(listed).toEqual(await servedRows());
});

async function servedRows(): Promise<readonly string[]> {
  const { api } = new TestCluster();
  const get = async (path: string) => (await api.request('GET', path)).body as never;
  const { groups } = (await get('/apis')) as { groups: { versions: { groupVersion: string }[] }[] };
  const versions = groups.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion));
  return Promise.all(
    ['v1', ...versions].map(async (version) => {
      const path = version === 'v1' ? '/api/v1' : `/apis/${version}`;
      const { resources } = (await get(path)) as { resources: ListedResource[] };
      return `| \`${version}\` | ${rowOf(resources)} |`;
    }),
  );
}

/** The resources with their subresources, and with their verbs where these are not the usual ones. */
function rowOf(resources: readonly ListedResource[]): string {
  const roots = resources.filter(({ name }) => !name.includes('/'));
  return roots
    .map(({ name, verbs }) => {
      const below = resources.filter((other) => other.name.startsWith(`${name}/`));
      const parts = below.map((part) => {
        const usual = part.verbs.join() === everyBelow.join();
        return `/${part.name.split('/')[1]}${usual ? '' : ` ${part.verbs.join(' ')} only`}`;
      });
      const missing = every.filter((verb) => !verbs.includes(verb)).map((verb) => `no ${verb}`);
      const notes = [...missing, ...parts];
      return notes.length === 0 ? name : `${name} (${notes.join(', ')})`;
    })
    .join(', ');
}
