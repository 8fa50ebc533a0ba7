import { describe, expect, it } from 'vitest';
import type { TargetView } from '@flotilla/contracts';
import { commitOf, documentOf, targetOf } from '../mock/factories.ts';
import { rolloutOf } from '../mock/rollout-factory.ts';
import { candidateOf, stageOf } from '../mock/stage-factory.ts';
import { targetsByPlace } from '../rollouts/progress.ts';
import { listPipelines } from './listed-pipelines.ts';
import { anchorOf, entryText, pipelineOf, type PipelineFacts } from './pipeline-model.ts';
import type { WrittenStage } from './written-stages.ts';

const [before, now] = [commitOf(1), commitOf(2)];
const place = { application: 'checkout', environment: 'production' };
const written: readonly WrittenStage[] = [
  { environment: 'dev', tracks: 'main of shop', after: [], gates: [] },
  { environment: 'production', after: ['dev'], promote: 'manual', gates: ['soak 4h'] },
];

function target(cluster: string, revision: string, appliedAt: string, spec: Partial<TargetView['spec']> = {}) {
  const made = targetOf({ ...place, cluster }, revision, 0);
  return { ...made, spec: { ...made.spec, ...spec }, status: { ...made.status, appliedAt } };
}

function facts(targets: readonly TargetView[], parts: Partial<PipelineFacts> = {}) {
  return { stages: [], counts: new Map(), rollouts: [], targets: targetsByPlace(targets), ...parts };
}

const pin = { by: 'user:ann', reason: 'incident 42', since: '2026-01-01T00:00:00.000Z' };

describe('a pipeline', () => {
  it('says what runs in each stage, what most of its targets run first, and since when all of them do', () => {
    const ordered = targetOf({ ...place, cluster: 'x' }, now, 0).spec;
    const targets = [
      target('d', before, '2026-01-01T00:00:00.000Z', { release: ordered.release, revision: now }),
      target('a', before, '2026-01-01T00:00:00.000Z', { pin }),
      target('b', now, '2026-01-02T00:00:00.000Z'),
      target('c', now, '2026-01-03T00:00:00.000Z'),
      target('e', before, '2026-01-01T01:00:00.000Z'),
    ];
    const [dev, production] = pipelineOf('checkout', written, facts(targets));
    expect([dev!.runs, production!.runs]).toEqual([
      [],
      [
        {
          revision: before,
          release: `release-${before.slice(0, 10)}`,
          targets: 3,
          held: 1,
          since: '2026-01-01T01:00:00.000Z',
        },
        {
          revision: now,
          release: `release-${now.slice(0, 10)}`,
          targets: 2,
          held: 0,
          since: '2026-01-03T00:00:00.000Z',
        },
      ],
    ]);
  });

  it('says what is on its way into a stage, and what waits before it; what is over or another application is not it', () => {
    const waits = candidateOf(7, 'Waits');
    const running = rolloutOf(place, now, 0);
    const over = { ...running, status: { ...running.status, state: 'Finished' as const } };
    const other = rolloutOf({ ...place, application: 'mail' }, now, 0);
    const stages = [
      stageOf({ ...place, after: ['dev'] }, [waits], 0),
      stageOf({ ...place, application: 'mail', after: ['dev'] }, [candidateOf(8, 'Waits')], 0),
    ];
    const [dev, production] = pipelineOf('checkout', written, facts([], { stages, rollouts: [running, over, other] }));
    expect([dev!.rollout, dev!.candidates, production!.rollout, production!.candidates]).toEqual([
      undefined,
      [],
      running,
      [waits],
    ]);
  });

  it('says what enters a stage, and leads only to a plain name', () => {
    const [dev, production] = written;
    const auto = { environment: 'canary', after: ['dev', 'staging'], gates: [] };
    expect([entryText(dev!), entryText(production!), entryText(auto), anchorOf('eu-1'), anchorOf('a"b')]).toEqual([
      'each commit of main of shop',
      'after dev, when a person promotes it; gates: soak 4h',
      'after dev and staging, by itself',
      'stage-eu-1',
      undefined,
    ]);
  });
});

it('of all pipelines those stand first where a release waits for people', () => {
  const names = ['accounts', 'checkout', 'mail', 'search'];
  const stages = [{ environment: 'production', after: ['dev'] }];
  const documents = [
    documentOf('Pipeline', 'standard', { stages }),
    ...names.map((name) => documentOf('Application', name, { pipeline: 'standard' })),
  ];
  const stage = (application: string, ...candidates: Parameters<typeof stageOf>[1]) =>
    stageOf({ application, environment: 'production', after: ['dev'] }, candidates, 0);
  const waitsFor = (...gates: readonly string[]) =>
    candidateOf(1, 'Waits', { waits: gates.map((gate) => ({ gate, blockedBy: 'it' })) });
  const known = [
    stage('checkout', candidateOf(2, 'Enters')),
    stage('mail', waitsFor('soak 4h', 'approval of ann')),
    stage('search', candidateOf(3, 'Skipped'), waitsFor('soak 4h')),
  ];
  const listed = listPipelines(names, documents, { ...facts([]), rollouts: [], stages: known });
  expect(listed.map(({ application, waits }) => [application, ...waits.map(({ text }) => text)])).toEqual([
    ['mail', 'waits for soak 4h, approval of ann'],
    ['accounts'],
    ['checkout', 'enters now'],
    ['search', 'waits for soak 4h'],
  ]);
});
