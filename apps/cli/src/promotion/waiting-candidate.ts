import type { CandidateView, StageView } from '@flotilla/contracts';
import { Fault } from '@flotilla/foundation';
import type { Api } from '../api.ts';
import { requireItem } from '../nouns/find-item.ts';
import { stage } from '../nouns/stage.ts';
import type { StageName } from './stage-name.ts';

interface Meant {
  /** Its uid, or the beginning of its commit. */
  readonly release: string | undefined;
  /** Which one is meant where none is named. */
  readonly waits: (candidate: CandidateView) => boolean;
}

/** What is looked at is what is agreed to: the release goes by its uid, whatever comes meanwhile. */
export async function waitingCandidate(api: Api, place: StageName, { release, waits }: Meant): Promise<CandidateView> {
  const name = `${place.application}.${place.environment}`;
  const { status } = (await requireItem(api, stage, name)) as StageView;
  const waiting = status.candidates.filter(({ state }) => state === 'Waits');
  const found = release === undefined ? waiting.find(waits) : namedAmong(waiting, release);
  if (found) return found;
  const message = `nothing${release ? ` of ${release}` : ''} waits for that before ${name}; see: flotilla describe stage ${name}`;
  throw new Fault({ code: 'not-found', reason: 'CandidateMissing', message });
}

/** A commit that brings several things is none of them: what was not looked at is not agreed to. */
function namedAmong(waiting: readonly CandidateView[], named: string): CandidateView | undefined {
  const exact = waiting.find(({ release }) => release === named);
  const meant = exact ? [exact] : waiting.filter(({ revision }) => revision.startsWith(named));
  if (new Set(meant.map(({ digest }) => digest)).size <= 1) return meant[0];
  const which = meant.map(({ release, digest }) => `${release} (source digest ${digest.slice(0, 12)})`).join(', ');
  const message = `${named} names ${meant.length} releases that wait there: ${which}; name one by its uid`;
  throw new Fault({ code: 'conflict', reason: 'ReleaseAmbiguous', message });
}
