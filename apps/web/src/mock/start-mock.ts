import { seededRandom, systemClock, type Running } from '@flotilla/foundation';
import { eventOf, mockProject } from './factories.ts';
import { hostileFleet } from './hostile-fleet.ts';
import { mockFetch } from './mock-fetch.ts';
import { MockFleet } from './mock-fleet.ts';
import { MockLife, startMockLife } from './mock-life.ts';
import { MockLines } from './mock-stream.ts';
import type { MockRollbacks } from './rollback-factory.ts';
import { seedFleet } from './seed-fleet.ts';

/** What a person at the console, or a test of the page, may do to the mock fleet. */
export interface MockControls {
  /** Nothing happens any more but what is ordered here. */
  pause(): Promise<void>;
  deploy(application: string, environment: string): void;
  /** Whoever a rollout admitted is well, or never will be. */
  arrive(application: string, environment: string): void;
  fail(application: string, environment: string): void;
  /** Takes a target away without a word, as if it happened while nobody listened. */
  removeTarget(uid: string): void;
  /** Hundreds of clusters more. */
  grow(productionClusters: number): void;
  /** Changes every target at once. */
  shake(): void;
  /** Text that tries to be more than text, everywhere where somebody else may write. */
  attack(): void;
  /** Ends every stream; with `down` nothing answers until it is called again without. */
  cut(options?: { readonly down: boolean }): void;
}

declare global {
  var flotillaMock: MockControls | undefined;
}

/** Makes a fleet up, lets it live, and answers for it. Its controls are `flotillaMock` at the browser's console. */
export function startMock(): typeof globalThis.fetch {
  const clock = systemClock;
  const random = seededRandom(7);
  const fleet = new MockFleet(seedFleet(12, clock.now()));
  const lines = new MockLines();
  fleet.putEvent(
    eventOf(clock.now() - 14 * 60_000, {
      actor: 'user:mara',
      action: 'target.suspend',
      subject: `Application ${mockProject}/search`,
      message: 'index is being rebuilt by hand, until Thursday',
    }),
  );
  const living = startMockLife({ fleet, clock, random });
  globalThis.flotillaMock = controls({ fleet, lines, living, life: new MockLife({ fleet, clock, random }) });
  return mockFetch({ fleet, lines, clock });
}

interface Parts {
  readonly fleet: MockFleet;
  readonly lines: MockLines;
  readonly living: Running;
  readonly life: MockLife;
}

function controls({ fleet, lines, living, life }: Parts): MockControls {
  const add = ({ clusters, targets }: Pick<ReturnType<typeof seedFleet>, 'clusters' | 'targets'>) => {
    for (const cluster of clusters) fleet.putCluster(cluster);
    fleet.putTargets(targets);
  };
  return {
    pause: () => living.stop(),
    deploy: (application, environment) => life.deploy(application, environment),
    arrive: (application, environment) => life.arrive(application, environment),
    fail: (application, environment) => life.fail(application, environment),
    removeTarget: (uid) => fleet.removeTarget(uid),
    grow: (productionClusters) => add(seedFleet(productionClusters, systemClock.now())),
    shake: () => fleet.putTargets([...fleet.kept.target.values()].map(shaken)),
    attack: () => {
      const { events, freezes, documents, rollout, waves, stage, rollbacks, ...nouns } = hostileFleet(
        systemClock.now(),
      );
      add(nouns);
      fleet.waves.set(rollout.metadata.uid, waves);
      fleet.stages = [...fleet.stages, stage];
      fleet.rollbacks = bothOf(rollbacks, fleet.rollbacks);
      fleet.putRollout(rollout);
      for (const document of [...freezes, ...documents]) fleet.putDocument(document);
      for (const event of events) fleet.putEvent(event);
    },
    cut: ({ down } = { down: false }) => {
      lines.down = down;
      lines.cut();
    },
  };
}

function shaken<Target extends { readonly status: { readonly sync: string } }>(target: Target): Target {
  return { ...target, status: { ...target.status, sync: target.status.sync === 'Synced' ? 'OutOfSync' : 'Synced' } };
}

function bothOf(newer: MockRollbacks, older: MockRollbacks): MockRollbacks {
  return {
    rollbacks: [...newer.rollbacks, ...older.rollbacks],
    repairs: [...newer.repairs, ...older.repairs],
    quarantine: [...newer.quarantine, ...older.quarantine],
  };
}
