import { headerNames, protocol, subjects, type Ask, type DownKind } from '@flotilla/contracts';
import type { SetContent, SetSender } from '@flotilla/control-delivery';
import { isoTime, type Clock } from '@flotilla/foundation';
import type { Bus } from '@flotilla/platform-bus';
import { counter, currentTraceparent, inSpan, metricList } from '@flotilla/platform-telemetry';
import type { OrderSigner } from './order-signer.ts';

const sent = counter(metricList.ordersSent);

export interface OrderSenderOptions {
  readonly bus: Bus;
  readonly signer: OrderSigner;
  readonly clock: Clock;
}

/** Puts signed orders on the subject of the one cluster that they are for. */
export class OrderSender implements SetSender {
  readonly #options: OrderSenderOptions;

  constructor(options: OrderSenderOptions) {
    this.#options = options;
  }

  async send({ cluster, fence, ...change }: SetContent): Promise<void> {
    await inSpan('send set', { kind: 'producer', attributes: { cluster, generation: fence.generation } }, async () => {
      this.#send(cluster, 'set', { cluster, ...fence, ...change });
    });
  }

  /** Leads an agent from the list of keys that it holds to the newest, one by one. */
  sendKeyLists(cluster: string, held: number): void {
    const { bus, signer } = this.#options;
    for (const { text, signature } of signer.listsAfter(held)) {
      bus.publish(subjects.down(cluster, 'keys'), Buffer.from(text), { [headerNames.signature]: signature });
    }
  }

  ask(question: Omit<Ask, 'v' | 'at'>): void {
    this.#send(question.cluster, 'ask', question);
  }

  #send(cluster: string, kind: DownKind, body: object): void {
    const { bus, signer, clock } = this.#options;
    const message = { v: protocol.version, at: isoTime(clock.now()), ...body };
    const payload = new TextEncoder().encode(JSON.stringify(message));
    const traceparent = currentTraceparent();
    bus.publish(subjects.down(cluster, kind), payload, {
      [headerNames.signature]: signer.sign(kind, payload),
      ...(traceparent && { [headerNames.traceparent]: traceparent }),
    });
    sent({ kind });
  }
}
