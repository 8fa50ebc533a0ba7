import type { DocumentView, FreezeStatusView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import type { FreezeDocument } from '@flotilla/model';
import { shellWord } from '../text/shell-word.ts';

/** A freeze that stands, in words. Names, reasons and selectors are somebody else's text. */
export interface FreezeWords {
  readonly name: string;
  readonly stops: string;
  readonly whom: string;
  readonly reason: string;
  readonly by: string;
  readonly since: string;
  readonly until: string;
  readonly kept: string;
  readonly lift: string;
}

/** The freezes that stand, by name. */
export function standingFreezes(documents: readonly DocumentView[]): readonly FreezeWords[] {
  return documents.flatMap(wordsOf).toSorted((left, right) => left.name.localeCompare(right.name));
}

function wordsOf({ metadata: { name }, spec, status: { freeze } }: DocumentView): FreezeWords[] {
  if (freeze?.state !== 'InForce') return [];
  // Only what this schema took was ever applied, and a freeze that stands must not be hidden by reading it strictly.
  const written = spec as FreezeDocument['spec'];
  const { by, since, expires } = freeze;
  return [
    {
      name,
      stops: written.scope === 'all' ? 'every write' : 'deploys',
      whom: whomText(written),
      reason: written.reason,
      by,
      since,
      until: expires ?? 'somebody lifts it',
      kept: keptText(freeze),
      lift: `flotilla unfreeze ${shellWord(name)}`,
    },
  ];
}

function whomText({ applications, environments, clusters }: FreezeDocument['spec']): string {
  const parts = [
    applications && `applications ${applications.join(', ')}`,
    environments && `environments ${environments.join(', ')}`,
    clusters && `clusters ${JSON.stringify(clusters)}`,
  ];
  return parts.filter(Boolean).join('; ');
}

/** `97 of 100 clusters acknowledged, 3 offline`. */
function keptText({ clusters, acknowledged, offline, unplanned }: FreezeStatusView): string {
  const missing = [
    offline > 0 && `${offline} offline`,
    unplanned > 0 && `${counted(unplanned, 'application')} not planned yet`,
  ];
  return [`${acknowledged} of ${counted(clusters, 'cluster')} acknowledged`, ...missing.filter(Boolean)].join(', ');
}
