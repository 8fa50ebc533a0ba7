import type { IdentityIssuer } from '@flotilla/control-fleet';
import type { Clock } from '@flotilla/foundation';
import { agentUserJwt } from '@flotilla/platform-bus';
import type { StatusSettings } from './settings.ts';

/** Signs NATS identities of agents with the scoped key. */
export class AgentIssuer implements IdentityIssuer {
  readonly #settings: StatusSettings;
  readonly #clock: Clock;

  constructor(settings: StatusSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  async issue({
    cluster,
    userKey,
    expiresAt,
  }: {
    cluster: string;
    userKey: string;
    expiresAt: number;
  }): Promise<string> {
    const { AGENT_SIGNING_KEY, AGENTS_ACCOUNT } = this.#settings;
    return agentUserJwt(
      { cluster, userKey, expiresAt, now: this.#clock.now() },
      AGENT_SIGNING_KEY.reveal(),
      AGENTS_ACCOUNT,
    );
  }
}
