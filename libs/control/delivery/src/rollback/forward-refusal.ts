import { Fault } from '@flotilla/foundation';
import type { DeliveryFacts, TargetFacts } from '../facts.ts';

/**
 * Why some of these targets cannot go on to something newer: what entered their environment last is what they were taken
 * away from, or the same that they are held at. Nothing when all of them can.
 */
export function forwardRefusal(facts: DeliveryFacts, targets: ReadonlySet<string>): Fault | undefined {
  const stuck = facts.targets.find((target) => targets.has(target.uid) && target.pin && !hasNewer(target, facts));
  if (!stuck) return undefined;
  const { name } = facts.application;
  return new Fault({
    code: 'conflict',
    reason: 'NothingNewer',
    message: `nothing newer has come to ${stuck.environment} for ${name} that is not in quarantine; nothing was lifted`,
  });
}

function hasNewer({ environment, pin }: TargetFacts, { stages, releases, quarantine }: DeliveryFacts): boolean {
  const current = stages.find((stage) => stage.environment === environment)?.current;
  const digest = releases.find(({ uid }) => uid === current?.release)?.digests[environment];
  if (digest === undefined || digest === pin?.content.sourceDigest) return false;
  return !quarantine.some((refused) => refused.digest === digest);
}
