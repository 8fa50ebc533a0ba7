import type { DeliveryFacts, ReleaseFacts, StageFacts } from '../facts.ts';
import { heldAt } from '../held-at.ts';
import type { NamedRelease } from './stage-records.ts';

/**
 * What a stage runs as Git is to say it: what entered last, or what the stage was taken back to. On its way into the stage
 * counts as entered, and what is held on some of the clusters only counts for nothing.
 */
export function whatRuns(
  { environment, current }: StageFacts,
  releases: readonly ReleaseFacts[],
  { targets, quarantine }: Pick<DeliveryFacts, 'targets' | 'quarantine'>,
): NamedRelease | undefined {
  const entered = releases.find(({ uid }) => uid === current?.release);
  const digest = entered?.digests[environment];
  if (!entered || digest === undefined) return undefined;
  const refused = new Set(quarantine.map((each) => each.digest));
  const pin = heldAt({ environment, entered: digest, targets, refused });
  if (!pin) return { release: entered.uid, revision: entered.revision, digest, cause: 'standing' };
  const { release, sourceDigest, source } = pin.content;
  return { release, revision: source.revision, digest: sourceDigest, cause: 'rollback', by: nameOf(pin.by) };
}

/** A pin says of what kind its actor is as well; a commit names people. */
function nameOf(actor: string): string {
  return actor.slice(actor.indexOf(':') + 1);
}
