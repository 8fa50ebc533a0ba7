import type { TargetPin } from '@flotilla/model';
import type { TargetFacts } from './facts.ts';

interface HeldPlace {
  readonly environment: string;
  /** The source digest of what entered there last. */
  readonly entered: string | undefined;
  readonly targets: readonly TargetFacts[];
  /** Source digests that enter nowhere. */
  readonly refused: ReadonlySet<string>;
}

/**
 * What an environment was taken back to: what most of its targets are held at, where what entered it last enters nowhere any
 * more. Nothing where that may still come to somebody. Of the same facts always the same, in whatever order they were read.
 */
export function heldAt({ environment, entered, targets, refused }: HeldPlace): TargetPin | undefined {
  if (entered === undefined || !refused.has(entered)) return undefined;
  const pins = targets.flatMap(({ environment: where, pin }) => (where === environment && pin ? [pin] : []));
  const open = pins.filter(({ content }) => !refused.has(content.sourceDigest));
  const groups = [...Map.groupBy(open, ({ content }) => content.sourceDigest).values()];
  const [most] = groups.toSorted(
    (left, right) => right.length - left.length || (nameOf(left) < nameOf(right) ? -1 : 1),
  );
  return most?.toSorted((left, right) => (left.rollback < right.rollback ? -1 : 1))[0];
}

function nameOf([pin]: readonly TargetPin[]): string {
  return pin!.content.sourceDigest;
}
