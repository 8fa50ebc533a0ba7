import { gateText } from '@flotilla/model';
import type { StageReading } from '../delivery-reader.port.ts';
import type { Explanation } from '../rollout/explanation.ts';

/**
 * Says what does not come to the targets of a stage yet, one line for each gate: of the newest release that waits before
 * it, and of one still newer that never enters.
 */
export function explainStage({ application, environment, standing }: StageReading): Explanation[] {
  const { candidates } = standing;
  const newest = candidates[0]?.state === 'Skipped' ? [candidates[0]] : [];
  const waiting = candidates.filter(({ state }) => state === 'Waits').slice(0, 1);
  return [...newest, ...waiting].flatMap((candidate) =>
    candidate.waits.map(({ gate, ...wait }) => ({
      state: gateText(environment, { ...candidate, gate }),
      whoCanAct: `whoever mends what holds it up; see: flotilla describe stage ${application}.${environment}`,
      ...wait,
    })),
  );
}
