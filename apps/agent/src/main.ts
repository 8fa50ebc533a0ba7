import { Fault, systemClock, toFault, type Running } from '@flotilla/foundation';
import { readSettings } from '@flotilla/foundation/node';
import { createLogger, outliveSurprises, type Logger } from '@flotilla/platform-telemetry';
import { openTelemetry } from './open-telemetry.ts';
import { runAgent } from './run-agent.ts';
import { runWatchdog } from './run-watchdog.ts';
import { agentSettings, type AgentSettings } from './settings.ts';

/** The agent process of one cluster: it goes on until it is told to stop, or until another agent holds its Lease. */
async function main(): Promise<number> {
  const settings = readSettings(agentSettings, process.env);
  const logger = createLogger({ service: 'agent', level: settings.LOG_LEVEL });
  outliveSurprises({ logger, clock: systemClock, end: (code) => process.exit(code) });
  if (process.argv[2] === 'watchdog') return watch(settings, logger);
  const telemetry = await openTelemetry(settings);
  const stopping = new AbortController();
  const ending = new Promise<number>((resolve) => {
    process.once('SIGTERM', () => resolve(0));
    process.once('SIGINT', () => resolve(0));
    stopping.signal.addEventListener('abort', () => resolve(1));
  });
  // Told to stop while it still waits for its Lease or for the control plane, it simply ends.
  const parts = await Promise.race([
    runAgent({ settings, logger, onLeaseLost: () => stopping.abort() }),
    ending.then((): Running[] => []),
  ]);
  const code = await ending;
  for (const part of [...parts.toReversed(), telemetry]) {
    await part
      .stop()
      .catch((error: unknown) => logger.warn({ error: toFault(error).message }, 'could not stop in order'));
  }
  return code;
}

/** Called `watchdog`, it guards the upgrade of another: told to stop, it ends, and is started again by its Job. */
async function watch(settings: AgentSettings, logger: Logger): Promise<number> {
  const stopping = new AbortController();
  process.once('SIGTERM', () => stopping.abort());
  process.once('SIGINT', () => stopping.abort());
  await runWatchdog({ settings, logger, signal: stopping.signal });
  return stopping.signal.aborted ? 1 : 0;
}

try {
  process.exit(await main());
} catch (error) {
  const fault = toFault(error);
  process.stderr.write(
    `flotilla agent: ${fault instanceof Fault && fault.code !== 'internal' ? fault.message : fault.stack}\n`,
  );
  process.exit(fault.code === 'invalid' ? 2 : 1);
}
