import { deepEqual, equal, rejects } from 'node:assert/strict';
import { systemActor, type DocumentKind } from '@flotilla/model';
import { applyDocuments, deleteDocument } from '../apply-documents.ts';
import type { Documents } from '../documents.port.ts';
import type { Repositories } from '../repositories.port.ts';
import type { PathReader, Revisions } from '../revisions.port.ts';
import { shopDocuments, type ShopOptions } from './documents.ts';

/** An empty record of documents and of what was seen in Git. */
export interface SourcesWorld {
  readonly documents: Documents;
  readonly revisions: Revisions;
  readonly repositories: Repositories;
  readonly uidOf: (kind: DocumentKind, name: string) => Promise<string>;
  /** What was marked to be looked at since this was asked last, as `kind/key`, sorted. */
  readonly marks: () => Promise<readonly string[]>;
}

/** One promise of the ports, and how it is tried. */
export interface SourcesCase {
  readonly title: string;
  readonly run: (world: SourcesWorld) => Promise<void>;
}

const by = systemActor('test');
const project = 'default';
const ref = 'refs/heads/main';
const dev = 'services/checkout/dev';
const staging = 'services/checkout/staging';

/** What every filling of these ports does. Free of any test runner. */
export const sourcesCases: readonly SourcesCase[] = [
  {
    title: 'new documents are looked at from both ends: what they run, and where it comes from',
    run: async (world) => {
      const { checkout, shop } = await openShop(world);
      deepEqual(await world.marks(), ['count/default', `plan/${checkout}`, `repository/${shop}`]);
      await apply(world);
      deepEqual(await world.marks(), []);
    },
  },
  {
    title: 'a plan with a problem writes and marks nothing, and neither does one that throws',
    run: async (world) => {
      await openShop(world);
      const before = await world.documents.all(project);
      await world.marks();
      const dangling = {
        file: 'bad.yaml',
        text: shopDocuments().text.replace('pipeline: standard', 'pipeline: other'),
      };
      const { problems } = await applyDocuments(world.documents, { project, files: [dangling], by, dryRun: false });
      deepEqual(
        problems.map(({ message }) => message),
        ['there is no Pipeline default/other'],
      );
      const decide = () => {
        throw new Error('undecided');
      };
      await rejects(world.documents.change({ project, by, owner: 'apply', decide }), /undecided/);
      deepEqual([await world.documents.all(project), await world.marks()], [before, []]);
    },
  },
  {
    title: 'changes of one project never cross: each decides on what the last one wrote',
    run: async (world) => {
      await openShop(world);
      const names = Array.from({ length: 6 }, (_, index) => `app-${index}`);
      await Promise.all(names.map((name) => apply(world, { applications: [name] })));
      const documents = await world.documents.all(project);
      const applications = documents.filter(({ document }) => document.kind === 'Application');
      equal(applications.length, 7);
    },
  },
  {
    title: 'a deleted application is planned once more, and one made anew is another one',
    run: async (world) => {
      const { checkout, shop } = await openShop(world);
      await world.marks();
      const key = { project, kind: 'Application', name: 'checkout' } as const;
      await deleteDocument(world.documents, { key, by, dryRun: false });
      deepEqual(await world.marks(), ['count/default', `plan/${checkout}`, `repository/${shop}`]);
      deepEqual((await world.revisions.watched(shop))!.readers, []);
      await apply(world);
      equal((await world.uidOf('Application', 'checkout')) === checkout, false);
    },
  },
  {
    title: 'a repository knows who reads what of it, and where',
    run: async (world) => {
      const { shop, readers } = await openShop(world, { environments: ['dev', 'staging'] });
      const watched = (await world.revisions.watched(shop))!;
      deepEqual([watched.readers, watched.refs], [readers, [{ ref, known: new Set() }]]);
      deepEqual(await world.revisions.watched('nobody'), undefined);
    },
  },
  {
    title: 'a commit marks exactly those whose inputs it changed',
    run: async (world) => {
      const { checkout, observe, seen } = await openShop(world, { environments: ['dev', 'staging'] });
      await world.marks();
      deepEqual(await observe('a', { [dev]: 't1', [staging]: 't1' }), [checkout]);
      deepEqual(await world.marks(), [`plan/${checkout}`]);
      deepEqual(await seen(), { commit: 'a'.repeat(40), known: [dev, staging] });
      deepEqual(await observe('b', { [dev]: 't1', [staging]: 't1' }), []);
      deepEqual([await world.marks(), (await seen()).commit], [[], 'b'.repeat(40)]);
      deepEqual(await observe('c', { [dev]: 't2', [staging]: 't1' }), [checkout]);
    },
  },
  {
    title: 'a path that vanished is a change, once; so is one that comes back',
    run: async (world) => {
      const { checkout, observe } = await openShop(world);
      await observe('a', { [dev]: 't1' });
      deepEqual(await observe('b', { [dev]: undefined }), [checkout]);
      deepEqual(await observe('c', { [dev]: undefined }), []);
      deepEqual(await observe('d', { [dev]: 't1' }), [checkout]);
    },
  },
  {
    title: 'a ref that goes back to an older commit is there, with the trees of that commit',
    run: async (world) => {
      const { checkout, observe, seen } = await openShop(world);
      await observe('a', { [dev]: 't1' });
      await observe('b', { [dev]: 't2' });
      deepEqual(await observe('a', { [dev]: 't1' }), [checkout]);
      deepEqual(await seen(), { commit: 'a'.repeat(40), known: [dev] });
      deepEqual(await observe('b', { [dev]: 't2' }), [checkout]);
    },
  },
  {
    title: 'a path that nobody reads any more is forgotten, and news to whoever reads it again',
    run: async (world) => {
      const { checkout, observe, seen } = await openShop(world, { environments: ['dev', 'staging'] });
      await observe('a', { [dev]: 't1', [staging]: 't1' });
      deepEqual(await observe('b', { [dev]: 't1' }), []);
      deepEqual((await seen()).known, [dev]);
      deepEqual(await observe('b', { [dev]: 't1', [staging]: 't1' }), [checkout]);
    },
  },
  {
    title: 'what is seen in a repository that is gone is nobody’s',
    run: async (world) => {
      const { observe } = await openShop(world);
      await world.marks();
      deepEqual([await observe('a', { [dev]: 't1' }, 'nobody'), await world.marks()], [[], []]);
    },
  },
  {
    title: 'a configuration takes effect together with the note of where it came from',
    run: async (world) => {
      const { shop } = await openShop(world);
      const configuredBy = { repository: shop, state: 'commit:path' };
      const decide = () => ({ changes: [], problems: [] });
      await world.documents.change({ project, by, owner: 'apply', decide, configuredBy });
      equal((await world.revisions.watched(shop))!.configured, 'commit:path');
    },
  },
  {
    title: 'a repository is found by uid and by name, and many orders to look are one',
    run: async (world) => {
      const { shop, checkout } = await openShop(world);
      await world.marks();
      const [byUid, byName] = [await world.repositories.byUid(shop), await world.repositories.byName(project, 'shop')];
      deepEqual([byUid, byUid?.document.metadata.name], [byName, 'shop']);
      deepEqual(await world.repositories.byUid(checkout), undefined);
      deepEqual(await world.repositories.byName('other', 'shop'), undefined);
      for (let count = 0; count < 3; count++) await world.repositories.lookSoon(shop);
      deepEqual(await world.marks(), [`repository/${shop}`]);
    },
  },
];

async function apply({ documents }: SourcesWorld, options: ShopOptions = {}): Promise<void> {
  const files = [shopDocuments(options)];
  deepEqual((await applyDocuments(documents, { project, files, by, dryRun: false })).problems, []);
}

/** The shop, with ways to say what was seen in its repository. */
async function openShop(world: SourcesWorld, options: ShopOptions = {}) {
  await apply(world, options);
  const [shop, checkout] = [await world.uidOf('Repository', 'shop'), await world.uidOf('Application', 'checkout')];
  const environments = options.environments ?? ['dev'];
  const readers: PathReader[] = environments.map((environment) => {
    return { application: checkout, ref, paths: [`services/checkout/${environment}`] };
  });
  return {
    shop,
    checkout,
    readers,
    observe: (letter: string, trees: Record<string, string | undefined>, repository = shop) => {
      const author = { name: 'Ann', email: 'ann@example.org', at: 0 };
      const commit = { id: letter.repeat(40), author, message: 'change' };
      return world.revisions.record({ repository, ref, commit, trees: new Map(Object.entries(trees)), readers });
    },
    seen: async () => {
      const [tracked] = (await world.revisions.watched(shop))!.refs;
      return { commit: tracked!.commit, known: [...tracked!.known].toSorted((a, b) => (a < b ? -1 : 1)) };
    },
  };
}
