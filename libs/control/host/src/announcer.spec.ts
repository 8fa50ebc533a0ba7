import { beforeEach, describe, expect, it } from 'vitest';
import type { WorkKind } from '@flotilla/model';
import type { BusMessage, MessageHeaders } from '@flotilla/platform-bus';
import { Announcer } from './announcer.ts';

/** A broker in memory: everybody hears everything that is published to what they subscribed to, themselves too. */
class InMemoryBus {
  readonly told: { subject: string; text: string; headers: MessageHeaders }[] = [];
  readonly #ears = new Map<string, ((message: BusMessage) => void)[]>();

  line(connected = true): ConstructorParameters<typeof Announcer>[0] {
    return {
      connected,
      publish: (subject, data, headers = {}) => {
        this.told.push({ subject, text: Buffer.from(data).toString(), headers });
        for (const hear of this.#ears.get(subject) ?? []) hear({ subject, data, headers });
      },
      subscribe: (subject, { onMessage }) => {
        this.#ears.set(subject, [...(this.#ears.get(subject) ?? []), onMessage]);
        return { stop: async () => undefined };
      },
    };
  }
}

let broker: InMemoryBus;
let woken: string[];
beforeEach(() => {
  broker = new InMemoryBus();
  woken = [];
});

function replica(name: string, connected = true): Announcer {
  const announcer = new Announcer(broker.line(connected), name);
  announcer.onWake(['plan', 'set'], (kind: WorkKind) => woken.push(`${name}: ${kind}`));
  return announcer;
}

describe('what a transaction has to tell', () => {
  it('wakes every replica once, and this one without waiting for the broker', () => {
    const [first] = [replica('a'), replica('b')];
    first.announce({ work: ['plan', 'count'], changed: [] });
    expect(woken).toEqual(['a: plan', 'b: plan']);
  });

  it('names what changed, in the trace that led to it', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    replica('a').announce({ work: [], changed: [{ kind: 'target', project: 'shop', ids: ['t1'] }], traceparent });
    expect(broker.told).toEqual([
      { subject: 'ctl.changed.target', text: '{"project":"shop","ids":["t1"]}', headers: { traceparent } },
    ]);
  });

  it('wakes this process also while the line is cut', () => {
    replica('a', false).announce({ work: ['set'], changed: [{ kind: 'target', project: 'shop', ids: ['t1'] }] });
    expect([woken, broker.told]).toEqual([['a: set'], []]);
  });
});
