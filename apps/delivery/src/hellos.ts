import { catchUp, type SendPorts } from '@flotilla/control-delivery';
import { Batch, toFault, type Clock } from '@flotilla/foundation';
import type { Fence } from '@flotilla/model';
import type { Logger } from '@flotilla/platform-telemetry';

interface HelloFence {
  readonly cluster: string;
  readonly fence: Fence;
}

export interface HellosOptions {
  readonly ports: SendPorts;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Hears what every agent says it holds and sends what it misses. Whatever got lost on the way is repaired here. */
export class Hellos {
  readonly #batch: Batch<HelloFence>;
  readonly #logger: Logger;

  constructor({ ports, clock, logger }: HellosOptions) {
    this.#logger = logger;
    this.#batch = new Batch({
      clock,
      windowMs: 100,
      itemsMax: 1_000,
      flush: async (hellos) => {
        await catchUp(ports, new Map(hellos.map(({ cluster, fence }) => [cluster, fence])));
      },
    });
  }

  async heard(hello: HelloFence): Promise<void> {
    await this.#batch.add(hello).catch((error: unknown) => {
      this.#logger.warn({ cluster: hello.cluster, error: toFault(error).message }, 'could not look after a hello');
    });
  }
}
