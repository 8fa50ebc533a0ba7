import type { CandidateView, StageView } from '@flotilla/contracts';
import { isoTime } from '@flotilla/foundation';
import { commitOf, mockProject } from './factories.ts';
import { releaseOf } from './rollout-factory.ts';

type Wait = CandidateView['waits'][number];

interface StagePlace {
  readonly application: string;
  readonly environment: string;
  readonly after: readonly string[];
}

/** A stage before which some releases stand. */
export function stageOf(place: StagePlace, candidates: readonly CandidateView[], nowMs: number): StageView {
  const { application, environment, after } = place;
  const name = `${application}.${environment}`;
  return {
    kind: 'Stage',
    metadata: { uid: name, name, project: mockProject, createdAt: isoTime(nowMs) },
    spec: { application, environment, after: [...after], promote: environment === 'production' ? 'manual' : 'auto' },
    status: { candidates: [...candidates], changedAt: isoTime(nowMs) },
  };
}

export function candidateOf(
  seed: number,
  state: CandidateView['state'],
  parts: Partial<Pick<CandidateView, 'waits' | 'passed' | 'untried' | 'untriedSettings'>> = {},
): CandidateView {
  const revision = commitOf(seed);
  const digest = `${commitOf(seed + 1)}${commitOf(seed + 2)}`.slice(0, 64);
  return { release: releaseOf(revision), revision, digest, state, waits: [], passed: [], untried: [], ...parts };
}

/** Releases that wait for people, for time, for a gate that is new to this page; and two that never enter. */
export function seedStages(nowMs: number): readonly StageView[] {
  const since = isoTime(nowMs - 50 * 60_000);
  const soon = isoTime(nowMs + 40 * 60_000);
  const promote = (name: string): Wait => ({
    gate: 'promote',
    blockedBy: 'nobody has promoted it',
    whoCanAct: `whoever may run: flotilla promote ${name} --to production`,
  });
  const approval: Wait = {
    gate: 'approval of group shop-leads',
    blockedBy: '1 of 2 approvals (mara)',
    since,
    whoCanAct: 'group shop-leads: flotilla approve checkout.production',
  };
  const underWay = { gate: 'rollout', blockedBy: 'the rollout before it is under way in production', since };
  const untried = [{ path: 'services/checkout/overlays/production', tree: commitOf(9) }];
  const soak = { gate: 'soak 4h', blockedBy: 'it has to be well in canary for 4h', since, nextTry: soon };
  const web = { gate: 'web quality.example.org', blockedBy: 'it answered 503, 3 times', since, nextTry: soon };
  const unwell = { gate: 'health', blockedBy: 'payments is Degraded in canary', since, whoCanAct: 'whoever mends it' };
  const short = { gate: 'soak 30m', blockedBy: 'it was well in canary for 4m of 30m when the next one came', since };
  const careful = ['staging', 'canary'];
  const standard = ['canary'];
  const inProduction = (application: string, after: readonly string[], candidates: readonly CandidateView[]) =>
    stageOf({ application, environment: 'production', after }, candidates, nowMs);
  return [
    inProduction('checkout', careful, [
      candidateOf(601, 'Waits', {
        passed: ['health', 'soak 30m'],
        waits: [approval, promote('checkout'), underWay],
        untried,
        untriedSettings: ['render.helm.values.replicas'],
      }),
      candidateOf(604, 'Skipped', { passed: ['health'], waits: [short] }),
      candidateOf(607, 'Superseded'),
    ]),
    inProduction('payments', careful, [candidateOf(610, 'Waits', { waits: [unwell], passed: ['soak 30m'] })]),
    inProduction('recommendations', standard, [
      candidateOf(613, 'Waits', { passed: ['health', 'soak 4h'], waits: [promote('recommendations')] }),
    ]),
    heldStage(inProduction('accounts', standard, []), nowMs),
    inProduction('search', standard, [candidateOf(616, 'Waits', { passed: ['health'], waits: [soak, web] })]),
    stageOf(
      { application: 'storefront', environment: 'canary', after: ['staging'] },
      [candidateOf(619, 'Enters', { passed: ['health', 'soak 30m'] })],
      nowMs,
    ),
  ];
}

function heldStage(stage: StageView, nowMs: number): StageView {
  const since = isoTime(nowMs - 20 * 60_000);
  const hold = { who: 'user:mara', reason: 'the database moves', since, until: isoTime(nowMs + 100 * 60_000) };
  return { ...stage, status: { ...stage.status, holds: [hold] } };
}
