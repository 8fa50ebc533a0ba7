import { operations, type CandidateView, type RolloutView } from '@flotilla/contracts';
import { Fault, toFault } from '@flotilla/foundation';
import { isOpenRollout } from '@flotilla/model';
import type { Api } from '../api.ts';
import type { StageName } from './stage-name.ts';
import { waitingCandidate } from './waiting-candidate.ts';

interface Decided {
  /** Its uid, or the beginning of its commit. */
  readonly release: string | undefined;
  /** The wave that waits, where it is not the stage. */
  readonly wave: string | undefined;
  /** Which one before the stage is meant where none is named. */
  readonly waits: (candidate: CandidateView) => boolean;
}

/** The release that somebody decides about: of those that wait before a stage, or what is on its way there in waves. */
export async function decidedRelease(api: Api, place: StageName, { release, wave, waits }: Decided): Promise<string> {
  if (wave !== undefined) return release ?? underWay(api, place);
  const found = waitingCandidate(api, place, { release, waits });
  return (await found.catch((error: unknown) => preferWave(api, place, error))).release;
}

/** Where nothing waits before the stage, a wave of what is on its way there may be what somebody means. */
async function preferWave(api: Api, place: StageName, error: unknown): Promise<never> {
  if (!isNothingThere(error)) throw error;
  const blocked = (await openRollout(api, place))?.status.blocked;
  if (blocked?.code !== 'WaveGated') throw error;
  const name = `${place.application}.${place.environment}`;
  const message = `nothing waits before ${name}, but a wave of what is on its way does; say which with --wave: ${blocked.message}`;
  throw new Fault({ code: 'not-found', reason: 'CandidateMissing', message });
}

/** A stage that tracks Git is none that anything waits before. */
function isNothingThere(error: unknown): boolean {
  return ['CandidateMissing', 'NameUnknown'].includes(toFault(error).reason);
}

/** It goes by its uid: if something newer takes its place meanwhile, what is decided is refused. */
async function underWay(api: Api, place: StageName): Promise<string> {
  const open = await openRollout(api, place);
  if (open) return open.spec.release;
  const name = `${place.application}.${place.environment}`;
  const message = `no rollout of ${name} is under way; see: flotilla rollout status ${name}`;
  throw new Fault({ code: 'not-found', reason: 'RolloutMissing', message });
}

async function openRollout(api: Api, place: StageName): Promise<RolloutView | undefined> {
  const { items } = await api.client.call(operations.listRollouts, { params: { project: api.project }, query: place });
  return items.find(({ spec, status }) => spec.cause !== 'rollback' && isOpenRollout(status.state));
}
