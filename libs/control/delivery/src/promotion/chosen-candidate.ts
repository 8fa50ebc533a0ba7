import type { DeliveryFacts } from '../facts.ts';
import { isNamed } from '../named-release.ts';
import { isWebWait } from './gates/web.ts';
import { planPromotions } from './plan-promotions.ts';
import type { PromotionFacts, StageFollowing } from './promotion-facts.ts';
import { noCandidate, releaseAmbiguous, rolloutAborted, stageMissing, stageTracks } from './promotion-refusals.ts';
import type { Candidate, StageName } from './stage-standing.ts';

/** The stage that is meant, and what is known of it; a fault where nothing comes after others there. */
export function stageOf(
  facts: DeliveryFacts,
  place: StageName,
): { following: StageFollowing; promotion: PromotionFacts } {
  const stage = facts.stages.find(({ environment }) => environment === place.environment);
  if (!stage) throw stageMissing(place);
  if (!stage.following || !facts.promotion) throw stageTracks(place);
  return { following: stage.following, promotion: facts.promotion };
}

/** The release that is meant. Judged now, and not as it was shown: between a look and an order the world goes on. */
export function chosenCandidate(
  facts: DeliveryFacts,
  order: StageName & { readonly release?: string | undefined },
): Candidate {
  const { standings } = planPromotions(facts, { releases: facts.releases, entering: new Map() });
  const candidates = standings.find(({ environment }) => environment === order.environment)?.candidates ?? [];
  const { release: named } = order;
  const found = named === undefined ? mostLikely(candidates) : namedCandidate(candidates, { ...order, named });
  if (!found && isAbortedThere(facts, order)) throw rolloutAborted(order);
  if (!found) throw noCandidate(order, named);
  return found;
}

/**
 * By its uid, or by the beginning of its commit. A commit may bring one thing and then, with other settings, another:
 * nobody orders or agrees to what they did not look at, so then only the uid says which is meant.
 */
function namedCandidate(
  candidates: readonly Candidate[],
  { named, ...place }: StageName & { readonly named: string },
): Candidate | undefined {
  const exact = candidates.find(({ release }) => release === named);
  if (exact) return exact;
  const begins = candidates.filter(({ revision }) => revision.startsWith(named));
  const whole = begins.filter(({ revision }) => revision === named);
  const meant = whole.length > 0 ? whole : begins;
  if (new Set(meant.map(({ digest }) => digest)).size > 1) throw releaseAmbiguous(place, named, meant);
  return meant[0];
}

/** Whether what is asked for, or what entered last where nothing is named, was ended there by a person. */
function isAbortedThere(
  { stages, releases }: DeliveryFacts,
  { environment, release: named }: { readonly environment: string; readonly release?: string | undefined },
): boolean {
  const current = stages.find((stage) => stage.environment === environment)?.current;
  if (current?.admission?.state !== 'Aborted') return false;
  const revision = releases.find(({ uid }) => uid === current.release)?.revision ?? '';
  return named === undefined || isNamed({ uid: current.release, revision }, named);
}

/** Of what waits, the newest that waits for nothing but people, and whom is asked after them; else the newest. */
function mostLikely(candidates: readonly Candidate[]): Candidate | undefined {
  const waiting = candidates.filter(({ state }) => state !== 'Skipped');
  const ripe = waiting.find(({ waits }) =>
    waits.every((wait) => wait.gate === 'promote' || wait.gate.startsWith('approval') || isWebWait(wait)),
  );
  return ripe ?? waiting[0];
}
