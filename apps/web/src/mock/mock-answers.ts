import { operations, type ClusterView, type Operation, type RolloutCourseView } from '@flotilla/contracts';
import { sampleDiff } from '@flotilla/contracts/testing';
import { done, refused, type Outcome } from '@flotilla/foundation';
import { deadLetterOf, documentOf, mockProject } from './factories.ts';
import type { RollbackQuestion } from '../rollbacks/question/rollback-question.ts';
import type { MockFleet } from './mock-fleet.ts';
import { previewOf } from './mock-preview.ts';
import { wavesOf } from './rollout-factory.ts';
import { storyOf } from './story-factory.ts';

/** What is asked: the named parts of the address, and what came with it. */
interface Question {
  readonly fleet: MockFleet;
  readonly nowMs: number;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
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
  [operations.listRollbacks, ({ fleet }) => done({ items: fleet.rollbacks.rollbacks })],
  [operations.listQuarantine, ({ fleet }) => done({ items: fleet.rollbacks.quarantine })],
  [operations.listRepairs, ({ fleet }) => done({ items: fleet.rollbacks.repairs })],
  [operations.previewRollback, ({ fleet, body }) => done(previewOf(fleet, (body as RollbackQuestion).selection))],
  [operations.getRollback, rollback],
  [operations.listStages, ({ fleet }) => done({ items: fleet.stages })],
];

/** A request as it came. */
interface Asked {
  readonly method: string;
  readonly pathname: string;
  readonly body: unknown;
}

/** What a made-up fleet answers to a request for an address. */
export function answerTo({ method, pathname, body }: Asked, fleet: MockFleet, nowMs: number): Answer {
  for (const [operation, answer] of routes) {
    const params = paramsIn(operation, pathname);
    if (params && operation.method === method) return answer({ fleet, nowMs, params, body });
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

function rollback({ fleet, params: { uid = '' } }: Question): Answer {
  const found = fleet.rollbacks.rollbacks.find(({ metadata }) => metadata.uid === uid);
  return found ? done(found) : refused(`there is no Rollback ${uid} in ${mockProject}`);
}

function documents({ fleet, params: { plural = '' } }: Question): Answer {
  const items = [...fleet.kept.document.values()].filter(({ kind }) => `${kind.toLowerCase()}s` === plural);
  return done({ items });
}
