import type { Service } from '@flotilla/control-host';
import { sealLedger, StoredLedger } from '@flotilla/control-store';
import { every, toFault, type Running } from '@flotilla/foundation';

const sealMs = 1_000;
const tellMs = 3_600_000;

/**
 * Puts what everybody wrote into the chain of the ledger, each second. The gateway does it because the ledger is its to
 * keep: it sweeps it as well, and one service writes what both write, the ends of the chain. Of its replicas one is at it
 * at a time. Once an hour the log says where the chain ends: who keeps logs elsewhere can hold the chain against that.
 */
export function keepSealing({ store, clock, logger }: Pick<Service, 'store' | 'clock' | 'logger'>): Running {
  const ledger = new StoredLedger(store);
  let toldAt = -tellMs;
  return every({
    clock,
    intervalMs: sealMs,
    run: async (signal) => {
      await sealLedger(store, signal);
      if (clock.now() - toldAt < tellMs) return;
      toldAt = clock.now();
      const { head } = await ledger.chain({ limit: 1 });
      logger.info({ seq: head.seq, hash: head.hash }, 'the ledger is sealed up to here');
    },
    onError: (error) => logger.warn({ error: toFault(error).message }, 'the ledger cannot be sealed right now'),
  });
}
