import { answeredWarningsMax, type Answer } from '@flotilla/contracts';
import { shortened } from '@flotilla/foundation';
import { shortCommit, type Reason } from '@flotilla/model';
import { lookAtObjects } from '../orders/look-at-objects.ts';
import { diffText, leftoversOf } from '../orders/tell-diff.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { TargetMemory } from '../reconcile/target-memory.ts';
import { claimWarnings } from './claim-warnings.ts';
import { definitionWarnings } from './definition-warnings.ts';
import type { ForeseenTarget } from './foresee-target.ts';
import { hookWarnings } from './hook-warnings.ts';
import { leftoverWarnings } from './leftover-warnings.ts';
import { refusalWarnings } from './refusal-warnings.ts';

/** How a target would differ from what stands in the cluster, and what speaks against it. Secrets are masked here. */
export async function tellPreview(
  cluster: ClusterApi,
  foreseen: ForeseenTarget,
): Promise<Pick<Answer, 'diff' | 'warnings'>> {
  const { memory } = foreseen;
  const { prune } = memory.entry!.sync;
  const seen = await lookAtObjects(cluster, memory, { toleratesRefusals: true });
  const leftovers = leftoversOf(memory);
  const warnings = [
    ...wayWarnings(foreseen),
    ...definitionWarnings(seen),
    ...claimWarnings(seen),
    ...refusalWarnings(seen),
    ...leftoverWarnings(leftovers, prune),
    ...hookWarnings(memory),
  ];
  return { diff: diffText(seen, prune ? leftovers : []), warnings: bounded(warnings) };
}

/** What keeps the target from getting there, or what that rests on. */
function wayWarnings({ memory, isFetched, stopped }: ForeseenTarget): Reason[] {
  return [
    ...(stopped === undefined
      ? []
      : [{ code: 'Stopped', message: `nothing is written to it until that is lifted: ${stopped}` }]),
    ...(memory.differsFromSet ? [heldWarning(memory)] : []),
    ...(isFetched ? [fetchedWarning(memory)] : []),
  ];
}

function heldWarning({ entry, pin, freezing }: TargetMemory): Reason {
  const frozen = freezing?.bundle
    ? `the freeze ${freezing.freeze.name}`
    : 'its own way back while nobody heard the agent';
  const what = pin ? `a pin in the cluster (${pin.text})` : frozen;
  const message = `${what} holds it at ${shortCommit(entry!.source.revision)} whatever is ordered; lift that first`;
  return { code: 'HeldThere', message };
}

function fetchedWarning({ entry }: TargetMemory): Reason {
  const { revision, url } = entry!.source;
  const message = `${shortCommit(revision)} is not among the bundles that the agent holds: it has to be fetched from ${url}, and where that does not answer the target stays as it is`;
  return { code: 'NotHeld', message };
}

function bounded(warnings: readonly Reason[]): Reason[] {
  const said = warnings.map(({ code, message }) => ({ code, message: shortened(message, 2_000) }));
  if (said.length <= answeredWarningsMax) return said;
  const shown = said.slice(0, answeredWarningsMax - 1);
  return [...shown, { code: 'More', message: `and ${said.length - shown.length} more` }];
}
