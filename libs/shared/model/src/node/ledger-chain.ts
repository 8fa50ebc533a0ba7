import { digestOf } from '@flotilla/foundation/node';
import type { ChainPoint, LedgerLine, OpenLine } from '../ledger-line.ts';

/** The hash of a line: over its number, the hash of the line before it, and everything that it says. */
export function lineHash({ hash: previous }: ChainPoint, line: OpenLine & { readonly seq: number }): string {
  const { seq, id, at, project, actor, action, subject, message, traceparent } = line;
  return digestOf({ seq, previous, id, at, project, actor, action, subject, message, traceparent });
}

/** Puts lines into the chain, one behind the other. */
export function sealLines(head: ChainPoint, lines: readonly OpenLine[]): LedgerLine[] {
  let last = head;
  return lines.map((line) => {
    const numbered = { ...line, seq: last.seq + 1 };
    const sealed = { ...numbered, hash: lineHash(last, numbered) };
    last = sealed;
    return sealed;
  });
}
