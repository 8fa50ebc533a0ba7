import { of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { helloSchema, reportSchema, subjects, type UpKind } from '@flotilla/contracts';
import type { Bus, BusMessage } from '../connection.ts';
import type { FleetDelivery } from './fleet-message.ts';
import { FleetTransport } from './fleet-transport.ts';

const hello = {
  v: 1,
  at: '2026-01-01T00:00:00Z',
  instance: 'i',
  leaseTransitions: 1,
  protocol: { oldest: 1, newest: 1 },
  fence: { epoch: 1, generation: 2 },
  setDigest: '',
  statusDigest: '',
  facts: { kubernetesVersion: 'v1', agentVersion: '0' },
};

/** A bus on which a test speaks for agents. Whatever would be published is counted: nothing ever may be. */
class ScriptedBus implements Bus {
  readonly connected = true;
  readonly serverVersion = '2.14.3';
  readonly subscriptions: { subject: string; queue: string | undefined }[] = [];
  readonly published: string[] = [];
  #handlers: ((message: BusMessage) => void)[] = [];

  publish(subject: string): void {
    this.published.push(subject);
  }

  subscribe(subject: string, { queue, onMessage }: Parameters<Bus['subscribe']>[1]) {
    this.subscriptions.push({ subject, queue });
    this.#handlers.push(onMessage);
    return { stop: async () => void this.subscriptions.pop() };
  }

  say(data: string | Uint8Array, subject: string = subjects.up('c1', 'hello')): void {
    const message = { subject, data: typeof data === 'string' ? Buffer.from(data) : data, headers: {} };
    // A reply subject, if an agent sets one, is not even passed on: there is no place for it in a message.
    for (const handler of this.#handlers) handler(message);
  }

  async flush(): Promise<void> {}
  async stop(): Promise<void> {}
}

interface Handled {
  readonly kind?: UpKind;
  readonly everyReplica?: boolean;
  readonly handle?: (delivery: FleetDelivery) => unknown;
}

function listen({ kind = 'hello', everyReplica = false, handle = () => undefined }: Handled = {}) {
  const bus = new ScriptedBus();
  const poison: object[] = [];
  const handled: FleetDelivery[] = [];
  const onPoison = ({
    cluster,
    fault,
  }: {
    cluster: string | undefined;
    fault: { code: string; reason: string; message: string };
  }) => poison.push({ cluster, code: fault.code, reason: fault.reason, message: fault.message });
  const transport = new FleetTransport({ bus, service: 'status', onPoison });
  const handler = async (delivery: FleetDelivery) => {
    const result: unknown = handle(delivery);
    handled.push(delivery);
    return result as never;
  };
  const schema = kind === 'report' ? reportSchema : helloSchema;
  transport.addHandler(subjects.upFromAll(kind), handler, true, { schema, everyReplica, traced: false });
  transport.listen(() => undefined);
  return { bus, transport, poison, handled };
}

const settled = () => new Promise(setImmediate);
const text = JSON.stringify(hello);

describe('messages of agents', () => {
  it('reach their handler with the cluster that the subject names, and without what is not known here', async () => {
    const { bus, handled, poison } = listen();
    bus.say(JSON.stringify({ ...hello, cluster: 'c2', fromTheFuture: { deep: [1] } }));
    await settled();
    expect({ handled, poison }).toEqual({
      handled: [{ cluster: 'c1', message: hello, traceparent: undefined }],
      poison: [],
    });
  });

  it('are shared by the replicas of a service, unless each has to hear them', () => {
    const [shared, own] = [listen(), listen({ everyReplica: true })];
    expect([shared.bus.subscriptions, own.bus.subscriptions]).toEqual([
      [{ subject: 'fleet.*.up.hello', queue: 'status' }],
      [{ subject: 'fleet.*.up.hello', queue: undefined }],
    ]);
  });

  it('are never answered, whatever a handler returns', async () => {
    const { bus, handled } = listen({ handle: () => of('an answer') });
    bus.say(text);
    await settled();
    expect({ handled: handled.length, published: bus.published }).toEqual({ handled: 1, published: [] });
  });

  it('end with the transport', async () => {
    const { bus, transport } = listen();
    await transport.close();
    expect(bus.subscriptions).toEqual([]);
  });
});

describe('AT-11 a message that is poison is told of and dropped, and the next one is handled', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /^not JSON/],
    ['half of JSON', '{"v":1,', /^not JSON/],
    ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), /^not JSON/],
    ['null', 'null', /expected object/],
    ['a list', '[]', /expected object/],
    ['200,000 levels', '['.repeat(200_000) + ']'.repeat(200_000), /expected object/],
    ['a mebibyte', JSON.stringify({ ...hello, instance: 'x'.repeat(1024 * 1024) }), /^instance: /],
    ['a version of the future', JSON.stringify({ ...hello, v: 2 }), /^v: must be a protocol version from 1 to 1/],
    ['a version of the past', JSON.stringify({ ...hello, v: 0 }), /^v: must be a protocol version/],
    ['a prototype', '{"__proto__":{"v":1}}', /^v: /],
  ])('%s', async (_, data, message) => {
    const { bus, handled, poison } = listen();
    bus.say(data);
    bus.say(text);
    await settled();
    expect({ handled: handled.length, poison }).toEqual({
      handled: 1,
      poison: [
        { cluster: 'c1', code: 'invalid', reason: 'MessageNotUnderstood', message: expect.stringMatching(message) },
      ],
    });
  });

  it('more items than a report may have', async () => {
    const { bus, poison, handled } = listen({ kind: 'report' });
    const { protocol: _, setDigest: __, facts: ___, ...head } = hello;
    bus.say(
      JSON.stringify({ ...head, number: 1, items: Array.from({ length: 201 }, () => ({})) }),
      subjects.up('c1', 'report'),
    );
    bus.say(JSON.stringify({ ...head, number: 2, items: [] }), subjects.up('c1', 'report'));
    await settled();
    expect({ poison: poison.length, handled: handled.length }).toEqual({ poison: 1, handled: 1 });
  });

  it.each<[string, () => unknown]>([
    [
      'a handler that throws',
      () => {
        throw new RangeError('thrown');
      },
    ],
    ['a handler that rejects', () => Promise.reject(new Error('thrown'))],
    ['a handler whose stream fails', () => throwError(() => new Error('thrown'))],
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what others do, we have to live with
    ['a handler that rejects with no error', () => Promise.reject('thrown')],
  ])('%s', async (_, fail) => {
    let first = true;
    const { bus, poison } = listen({
      handle: () => {
        if (!first) return undefined;
        first = false;
        return fail();
      },
    });
    bus.say(text);
    bus.say(text);
    await settled();
    expect({ first, poison }).toEqual({
      first: false,
      poison: [{ cluster: 'c1', code: 'internal', reason: 'Unexpected', message: 'thrown' }],
    });
  });

  it('a handler that never ends', async () => {
    let calls = 0;
    const { bus, poison } = listen({ handle: () => (++calls === 1 ? new Promise(() => undefined) : undefined) });
    bus.say(text);
    bus.say(text);
    await settled();
    expect({ calls, poison }).toEqual({ calls: 2, poison: [] });
  });

  it('a subject that names no cluster', async () => {
    const { bus, handled, poison } = listen();
    bus.say(text, 'elsewhere.c1.up.hello');
    await settled();
    expect({ handled, poison }).toEqual({
      handled: [],
      poison: [expect.objectContaining({ cluster: undefined, reason: 'MessageNotUnderstood' })],
    });
  });
});
