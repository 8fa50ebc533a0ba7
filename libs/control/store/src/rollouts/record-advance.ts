import type { RolloutAdvance } from '@flotilla/control-delivery';
import { shortCommit, systemActor, type LedgerAction } from '@flotilla/model';
import type { RolloutRow } from '../rows/rollout.row.ts';
import type { Transaction } from '../transaction.ts';
import type { JudgedCourse } from './read-wave-gates.ts';

/** What was decided, and what it rests on. */
export interface WrittenAdvance {
  readonly rollout: RolloutRow;
  readonly known: JudgedCourse;
  readonly advance: RolloutAdvance;
  readonly now: Date;
}

/** What of an advance belongs into the ledger: waves that begin and end, and how the rollout does. */
export function recordAdvance(transaction: Transaction, written: WrittenAdvance): void {
  const { rollout } = written;
  const { project, applicationName, environment, revision } = rollout;
  const what = `${applicationName} ${shortCommit(revision)} in ${environment}`;
  for (const { action, message } of [...waveLines(written), ...stateLines(written)]) {
    transaction.record({
      project,
      actor: systemActor('delivery'),
      action,
      subject: `Application ${project}/${applicationName}`,
      message: `${what}: ${message}`,
    });
  }
}

interface LedgerText {
  readonly action: LedgerAction;
  readonly message: string;
}

function waveLines({ rollout, known, advance }: WrittenAdvance): LedgerText[] {
  const { waves } = known.course;
  const over = waves.slice(rollout.wave, advance.wave).map(({ name }): LedgerText => {
    return { action: 'wave.finish', message: `wave ${name} is over` };
  });
  const admitted = new Set(advance.admit);
  const begun = new Set(known.steps.flatMap(({ wave, cluster }) => (admitted.has(cluster) ? [wave] : [])));
  const names = waves.flatMap(({ name, clusters }, wave): LedgerText[] => {
    if (!begun.has(wave) || known.course.begun.has(name)) return [];
    const { passed = [] } = known.course.verdicts?.get(name) ?? {};
    const gates = passed.map((gate): LedgerText => ({
      action: 'gate.pass',
      message: `passed ${gate} before wave ${name}`,
    }));
    return [...gates, { action: 'wave.start', message: `wave ${name} of ${clusters.length} begins` }];
  });
  return [...over, ...names];
}

function stateLines({ rollout, known, advance }: WrittenAdvance): LedgerText[] {
  if (advance.state === rollout.state) return [];
  if (advance.state === 'Halted') return [{ action: 'rollout.halt', message: haltText({ rollout, advance }) }];
  if (advance.state !== 'Finished') return [];
  const { length } = known.steps;
  return [{ action: 'rollout.finish', message: `arrived; it was for ${length} targets` }];
}

/** Whoever is called by this reads it in a chat: what to type stands with it. */
function haltText({ rollout, advance }: Pick<WrittenAdvance, 'rollout' | 'advance'>): string {
  const place = `${rollout.applicationName}.${rollout.environment}`;
  const why = advance.blocked?.message ?? 'halted';
  return `${why}; go on with: flotilla rollout retry ${place} (or resume, abort)`;
}
