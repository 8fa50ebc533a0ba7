import { InvalidArgumentError } from 'commander';
import type { ChainPoint, LedgerLine } from '@flotilla/model';
import { ChainCheck } from '@flotilla/model/node';
import { exitCodes } from '../exit-codes.ts';
import type { Chain } from '../ledger/chain.ts';
import { exportedChain } from '../ledger/exported-chain.ts';
import { storedChain } from '../ledger/stored-chain.ts';
import { verdictPage, type Verified } from '../ledger/verdict-page.ts';
import { outputOption } from '../output/output-option.ts';
import { formatPage } from '../output/page.ts';
import { structured } from '../output/structured.ts';
import { defineVerb } from '../program/verb.ts';
import type { Session } from '../session.ts';

interface VerifyOptions {
  readonly from?: string;
  readonly known?: ChainPoint;
  readonly output?: 'json' | 'yaml';
}

/**
 * Checks the ledger here, line by line: the control plane's word is not taken for it. Exit code 1 says that something was
 * done to it. Whoever made every hash anew is found only against a hash that was noted elsewhere.
 */
export const ledgerVerify = defineVerb<VerifyOptions>({
  tellsDifferences: true,
  examples: ['ledger verify', 'ledger verify --from ledger.jsonl -o json'],
  declare: (command) =>
    void command
      .option('--from <file>', 'check what `ledger export` wrote, without a control plane')
      .option('--known <line:hash>', 'a line with its hash, as it was noted before', readPoint)
      .addOption(outputOption('json', 'yaml')),
  run: async (session, _, { from, known, output }) => {
    const chain = from === undefined ? await storedChain(await session.api()) : await exportedChain(from);
    const verified = await verify(session, chain, known);
    if (output) session.printExact(await structured(verified, output));
    else session.print(formatPage(verdictPage(verified)));
    if (known && known.seq < chain.anchor.seq)
      session.note(`line ${known.seq} is not kept any more: it says nothing about what is`);
    return verified.misfit ? exitCodes.failure : exitCodes.ok;
  },
});

async function verify(session: Session, { anchor, lines }: Chain, known: ChainPoint | undefined): Promise<Verified> {
  const check = new ChainCheck(anchor, known);
  const restores: LedgerLine[] = [];
  for (;;) {
    const read = await lines.next();
    if (read.done) return { ...check.end(read.value), anchor, head: read.value, restores };
    check.take(read.value);
    if (read.value.action === 'fleet.restore') restores.push(read.value);
    if (read.value.seq % 1_000 === 0) session.progress.show(`line ${read.value.seq} …`);
  }
}

function readPoint(text: string): ChainPoint {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq && hash) return { seq: Number(seq), hash };
  throw new InvalidArgumentError('It is a number and a hash with a colon between, as `ledger verify` says them.');
}
