import type { Gate } from '@flotilla/model';
import type { Fault } from '@flotilla/foundation';
import { isNamed } from '../named-release.ts';
import type { WaveContext } from '../rollout/judge-waves.ts';
import type { FrozenWave } from '../rollout/rollout-course.ts';
import { otherRelease, waveBegan, waveMissing, type WaveName } from './wave-refusals.ts';

/** All that gates before the waves of one rollout may ask about, with its release by its uid. */
export interface RolloutContext extends WaveContext {
  readonly release: WaveContext['release'] & { readonly uid: string };
}

/** A rollout that is under way, as somebody finds it who decides about one of its waves. */
export interface GatedRollout extends RolloutContext {
  readonly waves: readonly (Pick<FrozenWave, 'name' | 'gates'> & { readonly hasBegun: boolean })[];
}

/** A wave by its name, of the release that somebody looked at. */
export interface WaveOrder extends WaveName {
  readonly release?: string | undefined;
}

/** The gates of one kind that an order about a wave is for. */
export interface MeantGates<Kind extends keyof Gate> {
  readonly kind: Kind;
  /** Said where the wave has no such gate. */
  readonly none: (order: WaveName) => Fault;
}

/** What the gates of one kind before a wave ask for; a fault where there is nothing to decide. It may not be its turn yet. */
export function gatesMeant<Kind extends keyof Gate>(
  { waves, release }: Pick<GatedRollout, 'waves' | 'release'>,
  order: WaveOrder,
  { kind, none }: MeantGates<Kind>,
): NonNullable<Gate[Kind]>[] {
  const wave = waves.find(({ name }) => name === order.wave);
  if (!wave) throw waveMissing(order, waves);
  const gates = (wave.gates ?? []).flatMap((gate) => gate[kind] ?? []);
  if (gates.length === 0) throw none(order);
  const { release: named = release.uid } = order;
  if (!isNamed(release, named)) throw otherRelease(order, release);
  if (wave.hasBegun) throw waveBegan(order);
  return gates;
}
