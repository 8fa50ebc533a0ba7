import { runWork, WorkQueue, type ClaimedWork, type WorkHandler, type WorkRunner } from '@flotilla/control-store';
import { jittered, toFault } from '@flotilla/foundation';
import type { WorkKind } from '@flotilla/model';
import { counter, histogram, inSpan, metricList } from '@flotilla/platform-telemetry';
import { measureWork } from './measure-work.ts';
import type { Service } from './service.ts';

const looked = counter(metricList.workLooks);
const failed = counter(metricList.workFaults);
const took = histogram(metricList.workDuration);

const sweepMs = 2_000;

/** Takes this service's share of the work table: woken by marks, swept every two seconds all the same. */
export function runHandlers(service: Service, handlers: Partial<Record<WorkKind, WorkHandler>>): WorkRunner {
  const { store, clock, random, logger, announcer } = service;
  const runner = runWork({
    queue: new WorkQueue(store),
    handlers: traced(handlers),
    clock,
    random,
    sweepMs: jittered(sweepMs, 0.2, random),
    onFault: (work, fault, comesBackInMs) => {
      const { reason, message } = fault;
      looked({ kind: work.kind, outcome: 'fault' });
      failed({ kind: work.kind, reason });
      const details = {
        kind: work.kind,
        key: work.key,
        attempts: work.attempts,
        comesBackInMs,
        reason,
        error: message,
      };
      if (fault.code === 'internal')
        logger.error({ ...details, cause: fault.stack }, 'work failed in a way nobody expected');
      else logger.warn(details, 'work has to wait');
    },
    onError: (error) => logger.warn({ error: toFault(error).message }, 'the work table cannot be asked right now'),
  });
  const kinds = Object.keys(handlers) as WorkKind[];
  announcer.onWake(kinds, (kind) => runner.wake(kind));
  const measuring = measureWork(store, kinds);
  return {
    wake: (kind) => runner.wake(kind),
    stop: async () => void (await Promise.all([measuring.stop(), runner.stop()])),
  };
}

/** Each look goes on in the trace of whoever marked the key, and is timed. */
function traced(handlers: Partial<Record<WorkKind, WorkHandler>>): Partial<Record<WorkKind, WorkHandler>> {
  const entries = (Object.entries(handlers) as [WorkKind, WorkHandler][]).map(([kind, handler]) => {
    const handle = (work: ClaimedWork, signal: AbortSignal) =>
      inSpan(
        `work ${kind}`,
        { kind: 'consumer', traceparent: work.traceparent, attributes: { key: work.key } },
        async () => {
          const begun = performance.now();
          const again = await handler
            .handle(work, signal)
            .finally(() => took((performance.now() - begun) / 1_000, { kind }));
          looked({ kind, outcome: 'done' });
          return again;
        },
      );
    return [kind, { ...handler, handle }] as const;
  });
  return Object.fromEntries(entries);
}
