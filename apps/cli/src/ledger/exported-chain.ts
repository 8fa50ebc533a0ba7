import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ledgerExportBegin, ledgerExportEnd } from '@flotilla/contracts';
import { Fault, toFault } from '@flotilla/foundation';
import { ledgerLineSchema, type ChainPoint, type LedgerLine } from '@flotilla/model';
import type { Chain } from './chain.ts';

export function beginText(anchor: ChainPoint, takenAt: string): string {
  return JSON.stringify({ flotillaLedger: 1, takenAt, anchor });
}

export function endText(head: ChainPoint): string {
  return JSON.stringify({ head });
}

/** A chain that was exported, read from its file as it is checked. */
export async function exportedChain(file: string): Promise<Chain> {
  const texts = textsIn(file);
  const begin = ledgerExportBegin.safeParse(jsonOf((await texts.next()).value));
  if (!begin.success) throw wrong(file, 'does not begin as an export of the ledger does');
  return { anchor: begin.data.anchor, lines: linesOf(file, texts) };
}

async function* linesOf(file: string, texts: AsyncIterable<string>): AsyncGenerator<LedgerLine, ChainPoint> {
  let number = 1;
  for await (const text of texts) {
    number++;
    const value = jsonOf(text);
    const end = ledgerExportEnd.safeParse(value);
    if (end.success) return end.data.head;
    const line = ledgerLineSchema.strict().safeParse(value);
    if (!line.success) throw wrong(file, `holds no line of the ledger in its line ${number}`);
    yield line.data;
  }
  throw wrong(file, 'was cut off: its end is missing');
}

async function* textsIn(file: string): AsyncGenerator<string> {
  const stream = createReadStream(file, 'utf8');
  try {
    // A line separator of Unicode is no end of a line: messages may hold one.
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw wrong(file, `cannot be read: ${toFault(error).message}`);
  } finally {
    stream.destroy();
  }
}

function jsonOf(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

function wrong(file: string, why: string): Fault {
  return new Fault({ code: 'invalid', reason: 'ExportInvalid', message: `${file}: ${why}` });
}
