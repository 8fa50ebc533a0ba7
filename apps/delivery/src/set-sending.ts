import { sendSets, type SendPorts } from '@flotilla/control-delivery';
import { Batch, type Clock } from '@flotilla/foundation';

interface Order {
  readonly cluster: string;
  failure: unknown;
}

/**
 * Sends clusters their sets as keys of the work table come due. A plan marks thousands in one moment: they share their
 * reads, and each of them fails or succeeds by itself.
 */
export class SetSending {
  readonly #batch: Batch<Order>;

  constructor({ ports, clock }: { readonly ports: SendPorts; readonly clock: Clock }) {
    this.#batch = new Batch({
      clock,
      windowMs: 1,
      itemsMax: 500,
      flush: async (orders) => {
        const { failures } = await sendSets(ports, new Map(orders.map(({ cluster }) => [cluster, 'last-heard'])));
        for (const order of orders) order.failure = failures.get(order.cluster);
      },
    });
  }

  async send(cluster: string): Promise<void> {
    const order: Order = { cluster, failure: undefined };
    await this.#batch.add(order);
    if (order.failure !== undefined) throw order.failure;
  }
}
