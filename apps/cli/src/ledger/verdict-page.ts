import type { ChainPoint, LedgerLine } from '@flotilla/model';
import type { ChainVerdict, Misfit } from '@flotilla/model/node';
import type { Page } from '../output/page.ts';

/** What was found, with what it was found in. */
export interface Verified extends ChainVerdict {
  readonly anchor: ChainPoint;
  readonly head: ChainPoint;
  /** Lines that say that the database was set back to a backup. */
  readonly restores: readonly LedgerLine[];
}

/** What a check of the ledger found, for a person. */
export function verdictPage({ anchor, head, fitting, upTo, misfit, restores }: Verified): Page {
  const from = anchor.seq === 0 ? undefined : `behind line ${anchor.seq}: what was before is not kept any more`;
  return [
    {
      fields: [
        ['Verdict', misfit ? misfitText(misfit) : 'everything is as it was sealed'],
        ['Line', misfit?.line && lineText(misfit.line)],
        ['Begins', from],
        ['Fitting', `${fitting} ${fitting === 1 ? 'line' : 'lines'}, up to ${pointText(upTo)}`],
        ['Ends', pointText(head)],
        ...restores.map((line) => ['Restored', `line ${line.seq}, ${line.at}: ${line.message}`] as const),
      ],
    },
  ];
}

/** A point as it is noted, and given to `--known`. */
export function pointText({ seq, hash }: ChainPoint): string {
  return `${seq}:${hash}`;
}

export function misfitText({ kind, seq, line }: Misfit): string {
  const known = kind === 'changed' && !line ? ', or all that is before it' : '';
  return `line ${seq} was ${kind}${known}`;
}

function lineText({ at, actor, action, subject, message }: LedgerLine): string {
  return `${at} ${actor} ${action} ${subject}: ${message}`;
}
