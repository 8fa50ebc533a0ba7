import { catchUp, type AgentUpgrades, type SendPorts } from '@flotilla/control-delivery';
import { Batch, toFault, type Clock } from '@flotilla/foundation';
import type { HeldFence, UpgradeProgress } from '@flotilla/model';
import type { Logger } from '@flotilla/platform-telemetry';

interface HelloHeard {
  readonly cluster: string;
  readonly held: HeldFence;
  /** How far its agent has come with an upgrade, and the version in which it says so. */
  readonly upgrade?: { readonly version: string; readonly progress: UpgradeProgress };
}

export interface HellosOptions {
  readonly ports: SendPorts;
  readonly upgrades: Pick<AgentUpgrades, 'heard'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Hears what every agent says it holds and sends what it misses. Whatever got lost on the way is repaired here. */
export class Hellos {
  readonly #batch: Batch<HelloHeard>;
  readonly #logger: Logger;

  constructor({ ports, upgrades, clock, logger }: HellosOptions) {
    this.#logger = logger;
    this.#batch = new Batch({
      clock,
      windowMs: 100,
      itemsMax: 1_000,
      flush: async (hellos) => {
        const said = hellos.flatMap(({ cluster, upgrade }) => (upgrade ? [{ cluster, ...upgrade }] : []));
        if (said.length > 0) await upgrades.heard(said);
        await catchUp(ports, new Map(hellos.map(({ cluster, held }) => [cluster, held])));
      },
    });
  }

  async heard(hello: HelloHeard): Promise<void> {
    await this.#batch.add(hello).catch((error: unknown) => {
      this.#logger.warn({ cluster: hello.cluster, error: toFault(error).message }, 'could not look after a hello');
    });
  }
}
