import type { DocumentView } from '@flotilla/contracts';
import { acknowledgedText, applyOwner, ownerTitle, selectorText, type FreezeDocument } from '@flotilla/model';
import { shellWord } from '../text/shell-word.ts';

/** A freeze that stands, in words. Names, reasons and selectors are somebody else's text. */
export interface FreezeWords {
  readonly name: string;
  readonly stops: string;
  readonly whom: string;
  readonly reason: string;
  readonly by: string;
  readonly since: string;
  /** When it ends by itself; nothing where somebody has to lift it. */
  readonly expires?: string;
  readonly kept: string;
  /** The command that lifts it, unless Git owns it: then where in Git it is lifted, for the command would be refused. */
  readonly lift: { readonly command: string } | { readonly owner: string };
}

/** The freezes that stand, by name. */
export function standingFreezes(documents: readonly DocumentView[]): readonly FreezeWords[] {
  return documents.flatMap(wordsOf).toSorted((left, right) => left.name.localeCompare(right.name));
}

function wordsOf({ metadata, spec, status: { freeze } }: DocumentView): FreezeWords[] {
  if (freeze?.state !== 'InForce') return [];
  // Only what this schema took was ever applied, and a freeze that stands must not be hidden by reading it strictly.
  const written = spec as FreezeDocument['spec'];
  const { by, since, expires } = freeze;
  return [
    {
      name: metadata.name,
      stops: written.scope === 'all' ? 'every write' : 'deploys',
      whom: whomText(written),
      reason: written.reason,
      by,
      since,
      ...(expires && { expires }),
      kept: acknowledgedText(freeze),
      lift: liftOf(metadata),
    },
  ];
}

function liftOf({ name, owner = applyOwner }: DocumentView['metadata']): FreezeWords['lift'] {
  return owner === applyOwner ? { command: `flotilla unfreeze ${shellWord(name)}` } : { owner: ownerTitle(owner) };
}

function whomText({ applications, environments, clusters }: FreezeDocument['spec']): string {
  const parts = [
    applications && `applications ${applications.join(', ')}`,
    environments && `environments ${environments.join(', ')}`,
    clusters && `clusters ${selectorText(clusters)}`,
  ];
  return parts.filter(Boolean).join('; ');
}
