import { toFault, type Clock } from '@flotilla/foundation';
import type { Logger } from './logger.ts';
import { metricList } from './metrics/metric-list.ts';
import { counter } from './metrics/registry.ts';

const surprises = counter(metricList.surprises);

/** More than so many within so long, and it is not one message or object that is bad, but the process itself. */
const bearable = { most: 20, withinMs: 60_000 };

export interface OutliveOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Ends the process, with an exit code that makes its supervisor start it anew. */
  readonly end: (code: number) => void;
}

/**
 * What nobody caught is logged with its trace and counted, and the process goes on: whatever one message, request or object
 * did must not take down what serves all others, over and over, wherever it comes back to. Everything is looked at again
 * anyway. A process that is surprised all the time is another matter: it ends, and begins anew.
 */
export function outliveSurprises({ logger, clock, end }: OutliveOptions): void {
  const recent: number[] = [];
  const surprised = (thrown: 'rejection' | 'exception', message: string) => (error: unknown) => {
    surprises({ thrown });
    logger.error({ error: toFault(error).stack }, message);
    const now = clock.now();
    recent.push(now);
    while (recent[0]! < now - bearable.withinMs) recent.shift();
    if (recent.length <= bearable.most) return;
    logger.error({ count: recent.length, withinMs: bearable.withinMs }, 'too many surprises; ending, to begin anew');
    end(1);
  };
  process.on('unhandledRejection', surprised('rejection', 'a promise was forgotten'));
  process.on('uncaughtException', surprised('exception', 'an error was not caught'));
}
