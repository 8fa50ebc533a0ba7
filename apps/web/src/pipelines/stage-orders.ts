import type { CandidateView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { shortCommit, shortDigest } from '@flotilla/model';
import { reasonArgument, type Order } from '../orders/order.ts';
import { shellWord } from '../text/shell-word.ts';
import type { StageHold } from './pipeline-model.ts';

/** Before which stage a release waits, and how many targets it would reach there. */
export interface StageQuestion {
  readonly application: string;
  readonly environment: string;
  readonly targets: number;
}

/** What can be done for a release that waits: only what would not be refused, each with whom it touches. */
export function candidateOrders(candidate: CandidateView, stage: StageQuestion): readonly Order[] {
  if (candidate.state !== 'Waits') return [];
  const has = (test: (wait: CandidateView['waits'][number]) => boolean) => candidate.waits.some(test);
  const isQuarantined = has(({ whoCanAct }) => whoCanAct?.includes('flotilla quarantine lift') ?? false);
  if (isQuarantined) return [lift(candidate, stage)];
  return [
    ...(has(({ gate }) => gate.startsWith('approval')) ? [approve(candidate, stage)] : []),
    ...(has(({ gate }) => gate === 'promote') ? [promote(candidate, stage)] : []),
    ...(has(({ gate }) => gate === 'rollout') ? [instead(candidate, stage)] : []),
    ...(has(({ gate }) => gate.startsWith('web ')) ? [override(candidate, stage)] : []),
    hold(candidate, stage),
  ];
}

function approve({ revision, digest }: CandidateView, { application, environment, targets }: StageQuestion): Order {
  const touches = `agrees to exactly source digest ${shortDigest(digest)} for ${counted(targets, 'target')} of ${environment}.`;
  const command = `flotilla approve ${shellWord(`${application}-${shortCommit(revision)}`)} --for ${shellWord(environment)}`;
  return { does: 'Approve', touches, command };
}

function promote(candidate: CandidateView, { targets, ...stage }: StageQuestion): Order {
  const touches = `has it enter ${stage.environment} as soon as its gates let it in: ${counted(targets, 'target')}.`;
  return { does: 'Promote', touches, command: promoteCommand(candidate, stage) };
}

function instead(candidate: CandidateView, { targets, ...stage }: StageQuestion): Order {
  const touches = `has it enter in place of the rollout that is under way: ${counted(targets, 'target')}.`;
  return { does: 'Promote instead', touches, command: `${promoteCommand(candidate, stage)} --instead` };
}

function hold({ revision }: CandidateView, { application, environment }: StageQuestion): Order {
  const commit = shortCommit(revision);
  const touches = `lets nothing of ${commit} past ${environment} until somebody says so.`;
  const place = shellWord(`${application}.${environment}`);
  return { does: 'Hold', touches, command: `flotilla hold ${place} --release ${shellWord(commit)} ${reasonArgument}` };
}

/** How a hold ends before its time. */
export function unholdOrder({ revision }: StageHold, { application, environment, targets }: StageQuestion): Order {
  const what = revision === undefined ? 'everything that is held there' : shortCommit(revision);
  const touches = `lets ${what} go on, as its gates allow: up to ${counted(targets, 'target')} of ${environment}.`;
  const release = revision === undefined ? '' : ` --release ${shellWord(shortCommit(revision))}`;
  const place = shellWord(`${application}.${environment}`);
  return { does: 'Let go on', touches, command: `flotilla unhold ${place}${release} ${reasonArgument}` };
}

function override({ revision, digest }: CandidateView, { application, environment }: StageQuestion): Order {
  const place = shellWord(`${application}.${environment}`);
  const touches = `does without the word of whoever is asked outside, for exactly source digest ${shortDigest(digest)}; it takes the right to break the glass.`;
  const command = `flotilla override ${place} --release ${shellWord(shortCommit(revision))} ${reasonArgument}`;
  return { does: 'Override', touches, command };
}

function promoteCommand({ revision }: CandidateView, stage: Omit<StageQuestion, 'targets'>): string {
  const [application, environment] = [stage.application, stage.environment].map(shellWord);
  return `flotilla promote ${application} --to ${environment} --release ${shellWord(shortCommit(revision))} ${reasonArgument}`;
}

function lift({ digest }: CandidateView, { application }: StageQuestion): Order {
  const touches = `lets source digest ${shortDigest(digest)} enter again, wherever it is in quarantine.`;
  const command = `flotilla quarantine lift ${shellWord(application)} ${shellWord(shortDigest(digest))} ${reasonArgument}`;
  return { does: 'Lift', touches, command };
}
