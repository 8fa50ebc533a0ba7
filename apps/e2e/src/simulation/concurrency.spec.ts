import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SourceReader } from '@flotilla/agent';
import { canonicalJson } from '@flotilla/foundation';
import { sha256 } from '@flotilla/foundation/node';
import type { DesiredEntry, EntrySource } from '@flotilla/model';
import { appNamespace, LoneCluster } from './crash-points/lone-cluster.ts';
import { manifest } from './manifests.ts';

const targets = Array.from({ length: 50 }, (_, index) => `t${index}`);
const revisionsCount = 10;
const runs = 60;

/** Answers of one Git host in any order that a scheduler thinks of; remembers what was asked. */
class ScheduledSources implements SourceReader {
  readonly asked: EntrySource[] = [];
  /** Paths that were asked for while they were already being asked for. */
  readonly overlapping: string[] = [];
  readonly #inner: SourceReader;
  readonly #scheduler: fc.Scheduler;
  readonly #running = new Set<string>();

  constructor(inner: SourceReader, scheduler: fc.Scheduler) {
    this.#inner = inner;
    this.#scheduler = scheduler;
  }

  async read(source: EntrySource) {
    this.asked.push(source);
    if (this.#running.has(source.path)) this.overlapping.push(source.path);
    this.#running.add(source.path);
    await this.#scheduler.schedule(Promise.resolve(), source.path);
    this.#running.delete(source.path);
    return this.#inner.read(source);
  }
}

it('AT-32: fifty targets of one repository at ten revisions, their credentials rotated meanwhile, each get their own, whoever answers first', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      let sources: ScheduledSources | undefined;
      const world = new LoneCluster((git) => (sources = new ScheduledSources(git, scheduler)));
      await world.open();
      const revisions = Array.from({ length: revisionsCount }, (_, revision) =>
        world.git.commit(
          Object.fromEntries(targets.map((target) => [`${target}/o.yaml`, manifest(target, `r${revision}`)])),
        ),
      );
      const ordered: DesiredEntry[] = [];
      const order = (credential: string, turn: number) => {
        const entries = targets.map((target, index) =>
          entryOf(target, revisions[(index + turn) % revisionsCount]!, credential),
        );
        ordered.push(...entries);
        world.plane.order(...entries);
      };
      order('first', 0);
      for (let answers = 0; answers < 20 && scheduler.count() > 0; answers++) await scheduler.waitOne();
      order('rotated', 3);
      for (let look = 0; look < 30; look++) {
        await world.clock.advance(1_000);
        await scheduler.waitAll();
      }
      const wanted = Object.fromEntries(targets.map((target, index) => [target, `r${(index + 3) % revisionsCount}`]));
      const known = new Set(ordered.map(({ source }) => canonicalJson(source)));
      const unknown = sources!.asked.filter((source) => !known.has(canonicalJson(source)));
      expect([world.wrongWith(wanted), unknown, sources!.overlapping]).toEqual([[], [], []]);
    }),
    { numRuns: runs },
  );
});

function entryOf(target: string, revision: string, credential: string): DesiredEntry {
  return {
    target,
    project: 'shop',
    application: 'checkout',
    environment: target,
    generation: 0,
    intent: 'run',
    release: `release${revision.slice(-4)}`,
    sourceDigest: sha256(`${revision} ${target}`).slice(0, 16),
    namespace: appNamespace,
    source: { url: 'https://git.example.org/shop.git', revision, path: target, also: [], credential },
    sync: { prune: true, drift: 'correct', adopt: false, createNamespace: true },
  };
}
