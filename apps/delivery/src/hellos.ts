import { catchUp, type AgentUpgrades, type SendPorts } from '@flotilla/control-delivery';
import type { DeliveryStore } from '@flotilla/control-store';
import { Batch, toFault, type Clock } from '@flotilla/foundation';
import type { HeldFence, UpgradeProgress } from '@flotilla/model';
import type { Logger } from '@flotilla/platform-telemetry';
import type { OrderSender } from './order-sender.ts';

interface HelloHeard {
  readonly cluster: string;
  readonly held: HeldFence;
  readonly instance: string;
  readonly leaseTransitions: number;
  readonly kubernetesUid?: string | undefined;
  /** How far its agent has come with an upgrade, and the version in which it says so. */
  readonly upgrade?: { readonly version: string; readonly progress: UpgradeProgress } | undefined;
  /** The list of order keys that the agent believes; unknown for one that is too old to say. */
  readonly keyList?: number | undefined;
}

export interface HellosOptions {
  readonly ports: SendPorts;
  readonly upgrades: Pick<AgentUpgrades, 'heard'>;
  readonly sender: Pick<OrderSender, 'sendKeyLists'>;
  readonly record: Pick<DeliveryStore, 'believed'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Hears what every agent says it holds and sends what it misses. Whatever got lost on the way is repaired here. */
export class Hellos {
  readonly #batch: Batch<HelloHeard>;
  readonly #logger: Logger;
  readonly #sender: HellosOptions['sender'];

  constructor({ ports, upgrades, sender, record, clock, logger }: HellosOptions) {
    this.#logger = logger;
    this.#sender = sender;
    this.#batch = new Batch({
      clock,
      windowMs: 100,
      stormWindowMs: 300,
      itemsMax: 1_000,
      flush: async (hellos) => {
        const spoken = await record.believed(hellos);
        // Before anything that is signed with a key of a list that they do not have yet.
        for (const { cluster, keyList } of spoken) {
          if (keyList !== undefined) this.#sender.sendKeyLists(cluster, keyList);
        }
        const said = spoken.flatMap(({ cluster, upgrade }) => (upgrade ? [{ cluster, ...upgrade }] : []));
        if (said.length > 0) await upgrades.heard(said);
        await catchUp(ports, new Map(spoken.map(({ cluster, held }) => [cluster, held])));
      },
    });
  }

  async heard(hello: HelloHeard): Promise<void> {
    await this.#batch.add(hello).catch((error: unknown) => {
      this.#logger.warn({ cluster: hello.cluster, error: toFault(error).message }, 'could not look after a hello');
    });
  }
}
