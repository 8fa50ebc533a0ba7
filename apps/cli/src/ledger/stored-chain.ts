import { operations } from '@flotilla/contracts';
import { Fault } from '@flotilla/foundation';
import type { ChainPoint, LedgerLine } from '@flotilla/model';
import type { Api } from '../api.ts';
import type { Chain } from './chain.ts';

/** The chain as the control plane keeps it now, page by page. */
export async function storedChain({ client }: Api): Promise<Chain> {
  const first = await read(client);
  return { anchor: first.anchor, lines: linesFrom(client, first) };
}

type Client = Api['client'];
type Page = Awaited<ReturnType<typeof read>>;

function read(client: Client, after?: number) {
  return client.call(operations.listLedgerLines, { query: { ...(after !== undefined && { after }) } });
}

/** Until a page is empty: whoever took the last lines away did not shorten the chain with that. */
async function* linesFrom(client: Client, first: Page): AsyncGenerator<LedgerLine, ChainPoint> {
  let page = first;
  for (let last = first.anchor.seq; page.items.length > 0; page = await read(client, last)) {
    yield* page.items;
    last = page.items.at(-1)!.seq;
    if (page.anchor.seq > last) throw swept();
  }
  return page.head;
}

function swept(): Fault {
  return new Fault({
    code: 'conflict',
    reason: 'LedgerSwept',
    message: 'retention took away what was being read; begin again',
  });
}
