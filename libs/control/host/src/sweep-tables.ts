import { sweepTable, type RetentionRule } from '@flotilla/control-store';
import { every, toFault, type Running } from '@flotilla/foundation';
import type { Service } from './service.ts';

const hourMs = 3_600_000;

/** What a sweep needs of the service that has it. */
export type SweepingService = Pick<Service, 'store' | 'clock' | 'random' | 'logger'>;

/**
 * Keeps the tables of this service bounded: at its start and then about once an hour. A table that cannot be swept is
 * said, and keeps none of the others from it.
 */
export function sweepTables(service: SweepingService, rules: readonly RetentionRule[]): Running {
  const { clock, random, logger } = service;
  return every({
    clock,
    // Replicas that were started together do not sweep together for ever.
    intervalMs: () => hourMs * (1 + random.next() / 4),
    run: async (signal) => {
      for (const rule of rules) await sweepOne(service, rule, signal);
    },
    onError: (error) => logger.warn({ error: toFault(error).message }, 'the tables cannot be swept right now'),
  });
}

async function sweepOne({ store, logger }: SweepingService, rule: RetentionRule, signal: AbortSignal): Promise<void> {
  const { table } = rule;
  try {
    const rows = await sweepTable(store, rule, signal);
    if (rows > 0) logger.info({ table, rows }, 'what nobody needs any more is deleted');
  } catch (error) {
    logger.warn(
      { table, error: toFault(error).message },
      'this table cannot be swept right now; it will be in an hour',
    );
  }
}
