import type {
  ClusterView,
  DocumentView,
  EventView,
  RolloutCourseView,
  RolloutView,
  StageView,
  TargetView,
} from '@flotilla/contracts';
import { isoTime } from '@flotilla/foundation';
import type { Reason } from '@flotilla/model';
import { clusterOf, commitOf, documentOf, eventOf, freezeOf, targetOf, type TargetPlace } from './factories.ts';
import { hostileStrings } from './hostile-strings.ts';
import { quarantineOf, repairOf, rollbackOf, type MockRollbacks } from './rollback-factory.ts';
import { rolloutOf } from './rollout-factory.ts';
import { candidateOf, stageOf } from './stage-factory.ts';

interface HostileFleet {
  readonly clusters: readonly ClusterView[];
  readonly targets: readonly TargetView[];
  readonly events: readonly EventView[];
  readonly freezes: readonly DocumentView[];
  readonly rollout: RolloutView;
  readonly waves: RolloutCourseView['waves'];
  readonly documents: readonly DocumentView[];
  readonly stage: StageView;
  readonly rollbacks: MockRollbacks;
}

/** One cluster, one target, one rollout and two freezes whose every word is an attack, and a line of the ledger for each. */
export function hostileFleet(nowMs: number): HostileFleet {
  const everything = hostileStrings.join(' ');
  const place = { application: '<img src=x onerror=alert(1)>', environment: 'dev', cluster: '<svg onload=alert(1)>' };
  const cluster = clusterOf(place.cluster, { 'javascript:alert(1)': everything }, nowMs);
  const target = targetOf(place, commitOf(66), nowMs);
  const reason = { code: '<b>Bad</b>', message: everything };
  const suspended = { by: 'user:<i>eve</i>', reason: everything, since: 'javascript:alert(1)' };
  return {
    clusters: [{ ...cluster, metadata: { ...cluster.metadata, uid: 'cluster-hostile' } }],
    targets: [
      {
        ...target,
        metadata: { ...target.metadata, uid: 'target-hostile' },
        spec: { ...target.spec, suspended, pin: { by: suspended.by, reason: everything, since: suspended.since } },
        status: { ...target.status, health: 'Degraded', reason },
      },
    ],
    events: hostileStrings.map((message) =>
      eventOf(nowMs, { actor: message, action: message, subject: message, message }),
    ),
    freezes: hostileFreezes(everything, nowMs),
    ...hostileRollout(place, reason, nowMs),
    documents: hostilePipeline(place.application, everything),
    stage: hostileStage(place.application, everything, nowMs),
    rollbacks: hostileRollbacks(place, everything, nowMs),
  };
}

/** It is halted in a wave of clusters whose names are attacks, and says a word that nobody knows. */
function hostileRollout(
  { cluster, ...place }: TargetPlace,
  reason: Reason,
  nowMs: number,
): Pick<HostileFleet, 'rollout' | 'waves'> {
  const rollout = rolloutOf(place, commitOf(66), nowMs);
  const status = { total: 3, arrived: 0, failing: 1, wave: reason.code, blocked: reason, blockedSince: isoTime(nowMs) };
  return {
    rollout: {
      ...rollout,
      metadata: { ...rollout.metadata, uid: 'rollout-hostile' },
      spec: { ...rollout.spec, cause: 'javascript:alert(1)' as never },
      status: { ...status, state: 'Halted' },
    },
    waves: [
      {
        name: reason.message,
        uncovered: hostileStrings.slice(),
        waits: hostileStrings.map((text) => ({ gate: text, blockedBy: text, whoCanAct: text })),
        members: [
          { cluster, phase: 'Failed', reason },
          { cluster: '$(alert 1); alert 2', phase: '<b>Sleeping</b>' as never, until: 'javascript:alert(1)' },
          ...hostileStrings.map((name) => ({ cluster: name, phase: 'Away' as const })),
        ],
      },
    ],
  };
}

/** Stages that are no stages, gates that nobody knows, and one that has to be drawn all the same. */
function hostilePipeline(application: string, everything: string): DocumentView[] {
  const stages = [
    { environment: 'dev', track: { repository: everything, branch: '<b>main</b>' } },
    { environment: everything, after: ['dev', everything], promote: everything, gates: [{ [everything]: 'x' }, null] },
    'no stage',
    { environment: { name: 'no name' } },
  ];
  const named = (kind: 'Application' | 'Pipeline', spec: Record<string, unknown>) => {
    const { metadata, ...document } = documentOf(kind, application, spec);
    return { ...document, metadata: { ...metadata, uid: `${kind}-hostile` } };
  };
  return [named('Pipeline', { stages }), named('Application', { pipeline: application })];
}

function hostileStage(application: string, everything: string, nowMs: number): StageView {
  const waits = hostileStrings.map((text) => ({
    gate: text,
    blockedBy: text,
    whoCanAct: text,
    since: text,
    nextTry: text,
  }));
  const quarantined = {
    gate: 'promote',
    blockedBy: everything,
    whoCanAct: 'whoever may run: flotilla quarantine lift',
  };
  const untried = hostileStrings.map((path) => ({ path, tree: path }));
  const candidates = [
    candidateOf(66, 'Waits', { waits, passed: [everything], untried, untriedSettings: [...hostileStrings] }),
    { ...candidateOf(67, 'Waits', { waits: [quarantined] }), digest: '$(alert 1); alert 2' },
    candidateOf(68, '<b>Dreams</b>' as never),
  ];
  const stage = stageOf({ application, environment: everything, after: ['dev'] }, candidates, nowMs);
  const hold = { who: everything, reason: everything, since: everything, until: everything, revision: '<b>0</b>' };
  return { ...stage, status: { ...stage.status, holds: [hold] } };
}

/** A repair for each address that somebody could put behind a link. */
function hostileRollbacks({ application, environment }: TargetPlace, everything: string, nowMs: number): MockRollbacks {
  const spec = { selection: { selector: everything }, to: everything, reason: everything, by: 'user:<i>eve</i>' };
  const counts = { total: 3, arrived: 1, failing: 1, held: 1 };
  const place = { ...counts, application, environment, revision: '<b>0</b>', rollout: 'x', state: 'Running' as const };
  const rollback = rollbackOf({ uid: 'rollback-hostile', atMs: nowMs, spec }, [place]);
  const conflicts = hostileStrings.slice();
  return {
    rollbacks: [rollback],
    repairs: hostileStrings.map((url, index) =>
      repairOf(rollback, `${index} ${url}`, {
        state: '<b>Wounded</b>' as never,
        attempts: 1,
        url,
        conflicts,
        revert: url,
        reason: { code: url, message: url },
      }),
    ),
    quarantine: [quarantineOf(application, '$(alert 1); alert 2', nowMs, everything)],
  };
}

/** One that Git owns, and one whose name would be a command of its own. */
function hostileFreezes(everything: string, nowMs: number): DocumentView[] {
  const { metadata, status, ...freeze } = freezeOf(nowMs);
  const clusters = { matchLabels: { 'javascript:alert(1)': everything } };
  const spec = {
    scope: 'all',
    clusters,
    environments: hostileStrings,
    reason: everything,
    until: 'javascript:alert(1)',
  };
  const standing = { freeze: { ...status.freeze!, by: 'user:<i>eve</i>', expires: 'javascript:alert(1)' } };
  const named = (name: string, owner: string) => ({
    ...freeze,
    metadata: { ...metadata, uid: `freeze-${name}`, name, owner },
    spec,
    status: standing,
  });
  return [
    named('<img src=x onerror=alert(1)>', '</script><script>alert(1)</script>'),
    named('$(alert 1); alert 2', 'apply'),
  ];
}
