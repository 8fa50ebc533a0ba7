import type { DeliveryFacts, ReleaseFacts } from '../facts.ts';
import { isNamed } from '../named-release.ts';
import { stageOf } from './chosen-candidate.ts';
import { isLapsed } from './holds.ts';
import type { HoldFacts } from './promotion-facts.ts';
import type { HoldOrder, UnholdOrder } from './promotion-record.port.ts';
import { holdMissing, holdStands, releaseUnknown } from './promotion-refusals.ts';

/** What a person holds: a whole stage, or exactly the inputs of one release in it. */
export interface DecidedHold {
  readonly release?: ReleaseFacts | undefined;
  readonly digest?: string | undefined;
  readonly expiresAt?: Date | undefined;
}

/** Whether somebody may hold what they want to; of two who hold the same the second is told who was first. */
export function decideHold(facts: DeliveryFacts, order: HoldOrder): DecidedHold {
  const { promotion } = stageOf(facts, order);
  const { environment, forMs } = order;
  const release = order.release === undefined ? undefined : namedRelease(facts, order, order.release);
  const digest = release?.digests[environment];
  const standing = promotion.holds.find((hold) => hold.environment === environment && hold.digest === digest);
  if (standing && !isLapsed(standing, facts.now)) throw holdStands(order, standing);
  return { release, digest, ...(forMs !== undefined && { expiresAt: new Date(facts.now.getTime() + forMs) }) };
}

/** Which holds of a stage end: that on the release which is named, or all of them. */
export function decideUnhold(facts: DeliveryFacts, order: UnholdOrder): readonly HoldFacts[] {
  const { promotion } = stageOf(facts, order);
  const here = promotion.holds.filter(({ environment }) => environment === order.environment);
  const { release: named } = order;
  const ended =
    named === undefined
      ? here
      : here.filter(
          ({ release: uid, revision }) => uid !== undefined && isNamed({ uid, revision: revision ?? '' }, named),
        );
  if (ended.length === 0) throw holdMissing(order, named);
  return ended;
}

/** What has no inputs there can neither enter nor be held. */
function namedRelease({ releases }: DeliveryFacts, order: HoldOrder, named: string): ReleaseFacts {
  const found = releases.find((release) => isNamed(release, named));
  if (found?.digests[order.environment] === undefined) throw releaseUnknown(order, named);
  return found;
}
