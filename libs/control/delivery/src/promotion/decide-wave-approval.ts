import { isNamed } from '../named-release.ts';
import type { FrozenWave } from '../rollout/rollout-course.ts';
import type { WaveQuestion } from '../rollout/judge-waves.ts';
import { approvalEnd } from './decide-approval.ts';
import type { ApprovalOrder } from './promotion-record.port.ts';
import { otherRelease, waveApprovalNotAsked, waveBegan, waveMissing } from './wave-refusals.ts';

/** A rollout that is under way, as somebody finds it who approves one of its waves. */
export interface GatedRollout extends WaveQuestion {
  readonly release: WaveQuestion['release'] & { readonly uid: string };
  readonly waves: readonly (Pick<FrozenWave, 'name' | 'gates'> & { readonly hasBegun: boolean })[];
}

/** A wave by its name, of the release that somebody looked at. */
export type WaveApproval = ApprovalOrder & { readonly wave: string };

/** Until when somebody's approval of a wave counts; a fault says why it is not taken. It may come before the wave's turn. */
export function decideWaveApproval(rollout: GatedRollout, order: WaveApproval, who: string): Date {
  const { release, writers, waves, facts, now } = rollout;
  const wave = waves.find(({ name }) => name === order.wave);
  if (!wave) throw waveMissing(order, waves);
  const gates = (wave.gates ?? []).flatMap(({ approval }) => approval ?? []);
  if (gates.length === 0) throw waveApprovalNotAsked(order);
  const { release: named = release.uid } = order;
  if (!isNamed(release, named)) throw otherRelease(order, release);
  if (wave.hasBegun) throw waveBegan(order);
  return approvalEnd(order, gates, { who, revision: release.revision, writers, now, facts });
}
