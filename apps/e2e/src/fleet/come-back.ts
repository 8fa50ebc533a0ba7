import { isoTime, systemClock } from '@flotilla/foundation';
import { until } from '@flotilla/testing';
import type { FleetWorld } from './fleet-world.ts';
import { lostTransitions } from './lost-transitions.ts';

export interface CameBack {
  /** From `since` to the moment at which every agent was heard again and every status was true. */
  readonly tookMs: number;
  /** What was not stored in the end. */
  readonly lost: number;
}

/** Waits until every agent said hello after `since` and every status in the database is what its agent last said. */
export async function comeBack(world: FleetWorld, since: number, timeoutMs = 120_000): Promise<CameBack> {
  const { fleet, query } = world;
  const deadline = systemClock.now() + timeoutMs;
  await until(
    async () => {
      if ((await fleet.figures()).lines < fleet.agents) return false;
      const [heard] = await query<{ count: number }>(
        `SELECT count(*)::int FROM liveness WHERE connection = 'Connected' AND last_seen_at > $1`,
        [isoTime(since)],
      );
      return heard!.count === fleet.agents;
    },
    { what: `${fleet.agents} agents to be heard again`, timeoutMs, intervalMs: 250 },
  );
  let lost = await lostTransitions(world);
  while (lost > 0 && systemClock.now() < deadline) {
    await systemClock.sleep(250);
    lost = await lostTransitions(world);
  }
  return { tookMs: systemClock.now() - since, lost };
}
