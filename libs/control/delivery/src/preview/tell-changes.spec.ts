import { describe, expect, it } from 'vitest';
import { Fault } from '@flotilla/foundation';
import { agentFeatures } from '@flotilla/model';
import { entryOfRelease } from '../testing/rollback-facts.ts';
import type { AgentStanding } from './agent-standings.port.ts';
import type { DistinctChange } from './distinct-changes.ts';
import { tellChanges } from './tell-changes.ts';

const able: AgentStanding = { connection: 'Connected', features: [agentFeatures.preview] };
const lost: AgentStanding = { ...able, connection: 'Lost' };
const old: AgentStanding = { ...able, features: [] };
const silence = new Fault({ code: 'timeout', reason: 'AgentSilent', message: 'it did not answer' });

function changeOn(...clusters: string[]): DistinctChange {
  const moves = clusters.map((name) => ({ cluster: { uid: name, name }, entry: entryOfRelease(2, `t-${name}`) }));
  return { application: 'checkout', environment: 'dev', from: 'a', to: 'b', moves };
}

type Answers = Readonly<Record<string, () => Promise<string>>>;

/** Who was asked, what was told by whom, and who was silent. */
async function tell(
  changes: readonly DistinctChange[],
  standings: Record<string, AgentStanding>,
  answers: Answers = {},
) {
  const asked: string[] = [];
  const agents = { agentStandings: () => Promise.resolve(new Map(Object.entries(standings))) };
  const ask = (cluster: string) => {
    asked.push(cluster);
    return (answers[cluster] ?? (() => Promise.resolve(`as ${cluster} has it`)))();
  };
  const { changes: told, more } = await tellChanges(changes, { agents, ask });
  const said = told.map((each) => [
    each.told?.by,
    each.silent.map(({ cluster, reason }) => `${cluster} ${reason.code}`),
  ]);
  return { asked, said, more };
}

const never = () => new Promise<string>(() => undefined);
const fails = () => Promise.reject(silence);

describe('a change that clusters would make alike', () => {
  it('is told by one of them, and two of a thousand are asked', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `c${index}`);
    const standings = Object.fromEntries(names.map((name) => [name, able]));
    expect(await tell([changeOn(...names)], standings)).toEqual({ asked: ['c0', 'c1'], said: [['c0', []]], more: 0 });
  });

  it('asks who is there and knows how to answer', async () => {
    const standings = { c1: lost, c2: old, c4: able };
    expect(await tell([changeOn('c1', 'c2', 'c3', 'c4')], standings)).toMatchObject({
      asked: ['c4'],
      said: [['c4', []]],
    });
  });

  it('waits for nobody who is slow, and names who could not say it', async () => {
    const standings = { c1: able, c2: able };
    expect([
      (await tell([changeOn('c1', 'c2')], standings, { c1: never })).said,
      (await tell([changeOn('c1', 'c2')], standings, { c1: fails })).said,
      (await tell([changeOn('c1', 'c2')], standings, { c1: fails, c2: fails })).said,
    ]).toEqual([[['c2', []]], [['c2', ['c1 AgentSilent']]], [[undefined, ['c1 AgentSilent', 'c2 AgentSilent']]]]);
  });

  it('is told by nobody where none can, and the first of them say why', async () => {
    const standings = { c1: lost, c2: old };
    expect((await tell([changeOn('c1', 'c2', 'c3', 'c4', 'c5', 'c6')], standings)).said).toEqual([
      [undefined, ['c1 AgentAway', 'c2 AgentTooOld', 'c3 AgentAway', 'c4 AgentAway', 'c5 AgentAway']],
    ]);
  });
});

it('of many changes the first are told, and the others counted', async () => {
  const changes = Array.from({ length: 15 }, (_, index) => changeOn(`c${index}`));
  const standings = Object.fromEntries(changes.map((_, index) => [`c${index}`, able]));
  const { asked, more } = await tell(changes, standings);
  expect([asked.length, more]).toEqual([12, 3]);
});
