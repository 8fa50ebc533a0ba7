import { Watchdog } from '@flotilla/agent';
import { systemClock, toFault } from '@flotilla/foundation';
import type { Logger } from '@flotilla/platform-telemetry';
import { connectCluster } from './connect-cluster.ts';
import { homeOf } from './home-of.ts';
import type { AgentSettings } from './settings.ts';

export interface RunWatchdogOptions {
  readonly settings: AgentSettings;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** The same program as a watchdog: guards one upgrade of the agent, and ends when there is nothing left to guard. */
export async function runWatchdog({ settings, logger, signal }: RunWatchdogOptions): Promise<void> {
  const home = homeOf(settings);
  const { WATCHDOG_UPGRADE: upgrade } = settings;
  if (!home || !upgrade) return logger.error('a watchdog is made by an agent, in its own Deployment; nothing to guard');
  const { cluster, stop } = await connected(settings, logger);
  const watchdog = new Watchdog({
    cluster,
    home,
    upgrade,
    clock: systemClock,
    onStep: (step) => logger.info({ upgrade, step }, 'a step of the watchdog'),
    onError: (error) => logger.warn({ error: toFault(error).message }, 'the API server cannot be asked right now'),
  });
  await watchdog.watch(signal);
  await stop();
}

/** An API server that is away is waited for: a watchdog that gives up guards nothing. */
async function connected(settings: AgentSettings, logger: Logger): ReturnType<typeof connectCluster> {
  for (;;) {
    try {
      return await connectCluster(settings, logger);
    } catch (error) {
      const fault = toFault(error);
      if (fault.code === 'invalid') throw fault;
      logger.warn({ error: fault.message }, 'the API server is away; trying again');
      await systemClock.sleep(2_000);
    }
  }
}
