import { operations, type ClusterView, type Operation, type RolloutCourseView } from '@flotilla/contracts';
import { sampleDiff } from '@flotilla/contracts/testing';
import { done, refused, type Outcome } from '@flotilla/foundation';
import { deadLetterOf, documentOf, mockProject } from './factories.ts';
import type { MockFleet } from './mock-fleet.ts';
import { wavesOf } from './rollout-factory.ts';
import { storyOf } from './story-factory.ts';

/** What is asked: the named parts of the address, and what came with it. */
interface Question {
  readonly fleet: MockFleet;
  readonly nowMs: number;
  readonly params: Readonly<Record<string, string>>;
}

type Answer = Outcome<unknown, string>;

/** Every route that the mock fleet answers; a new one is a line here. */
const routes: readonly (readonly [Operation, (question: Question) => Answer])[] = [
  [operations.listProjects, () => done({ items: [documentOf('Project', mockProject, {})] })],
  [operations.listClusters, ({ fleet }) => done({ items: [...fleet.kept.cluster.values()] satisfies ClusterView[] })],
  [operations.listDeadLetters, ({ nowMs }) => done({ items: [deadLetterOf(nowMs)] })],
  [operations.diffTarget, () => done({ objects: sampleDiff })],
  [operations.getTarget, target],
  [operations.getRollout, rollout],
  [operations.listDocuments, documents],
  [operations.listStages, ({ fleet }) => done({ items: fleet.stages })],
];

/** What a made-up fleet answers to a request for an address. */
export function answerTo(pathname: string, fleet: MockFleet, nowMs: number): Answer {
  for (const [operation, answer] of routes) {
    const params = paramsIn(operation, pathname);
    if (params) return answer({ fleet, nowMs, params });
  }
  return refused(`the mock fleet does not answer ${pathname}`);
}

/** The parts of an address that an operation names, if it is one of its addresses. */
export function paramsIn({ path }: Operation, pathname: string): Readonly<Record<string, string>> | undefined {
  const pattern = new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
  const found = pattern.exec(pathname);
  if (!found) return undefined;
  const parts = Object.entries(found.groups ?? {});
  return Object.fromEntries(parts.map(([name, value]) => [name, decodeURIComponent(value)]));
}

function target({ fleet, nowMs, params: { uid = '' } }: Question): Answer {
  const found = fleet.kept.target.get(uid);
  return found ? done(storyOf(found, nowMs)) : refused(`there is no Target ${uid} in ${mockProject}`);
}

function rollout({ fleet, nowMs, params: { application = '', environment = '' } }: Question): Answer {
  const newest = [...fleet.kept.rollout.values()].findLast(
    ({ spec }) => spec.application === application && spec.environment === environment,
  );
  if (!newest) return refused(`no release of ${application} ever entered ${environment}`);
  const waves = fleet.waves.get(newest.metadata.uid) ?? wavesOf(newest, [...fleet.kept.target.values()], nowMs);
  return done({ ...newest, waves } satisfies RolloutCourseView);
}

function documents({ fleet, params: { plural = '' } }: Question): Answer {
  const items = [...fleet.kept.document.values()].filter(({ kind }) => `${kind.toLowerCase()}s` === plural);
  return done({ items });
}
