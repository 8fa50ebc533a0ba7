import type { TargetPin } from '@flotilla/model';
import type { DeliveryFacts, ReleaseFacts, StageFacts, TargetFacts } from '../facts.ts';
import type { AgreedPin } from './delivery-plan.ts';

/** What says whether a pin still stands for something. */
export interface PinContext {
  /** The releases that are known, by uid. */
  readonly known: ReadonlyMap<string, ReleaseFacts>;
  /** The release that each environment is to run from now on. */
  readonly chosen: ReadonlyMap<string, ReleaseFacts>;
  /** Rollouts of rollbacks in which somebody still waits for his wave. */
  readonly goingBack: ReadonlySet<string>;
}

/**
 * The pin of a target, unless what enters its environment, or entered it last, says the same. While somebody waits to go
 * back the waves have the word, however fast Git was mended.
 */
export function standingPin({ pin }: TargetFacts, stage: StageFacts, context: PinContext): TargetPin | undefined {
  if (!pin || context.goingBack.has(pin.rollout)) return pin;
  return pin.content.sourceDigest === saidDigest(stage, context) ? undefined : pin;
}

/** The rollouts of rollbacks in which somebody still waits for his wave. */
export function goingBack({ targets }: DeliveryFacts): ReadonlySet<string> {
  return new Set(targets.flatMap(({ pin, turn }) => (pin && turn === 'waits' ? [pin.rollout] : [])));
}

function saidDigest({ environment, current }: StageFacts, { chosen, known }: PinContext): string | undefined {
  const release = chosen.get(environment) ?? (current && known.get(current.release));
  return release?.digests[environment];
}

/** The pins of a stage that Git agrees with by now, so that nothing holds their targets any more. */
export function agreedPins(
  stage: StageFacts,
  context: PinContext & { readonly facts: Pick<DeliveryFacts, 'targets'> },
): AgreedPin[] {
  const pinned = context.facts.targets.filter(({ environment, pin }) => environment === stage.environment && pin);
  return pinned.flatMap((target) => {
    if (standingPin(target, stage, context)) return [];
    const { uid, environment, cluster, pin } = target;
    return [{ target: uid, environment, cluster, rollback: pin!.rollback }];
  });
}
