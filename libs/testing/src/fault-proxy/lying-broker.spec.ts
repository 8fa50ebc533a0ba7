import { describe, expect, it } from 'vitest';
import { LyingBroker, type MessageFault } from './lying-broker.ts';

const said = [
  'CONNECT {"a":1}\r\n',
  'PUB a 3\r\none\r\n',
  'HPUB b 12 16\r\nNATS/1.0\r\n\r\nt\r\nw\r\n',
  'PING\r\n',
  'pub c 0\r\n\r\n',
] as const;
const [connect, one, two, ping, three] = said;

describe('a broker that lies', () => {
  const rows: readonly [MessageFault, readonly string[]][] = [
    [{ kind: 'none' }, said],
    [{ kind: 'lost' }, [connect, ping]],
    [{ kind: 'repeated', times: 2 }, [connect, one, one, two, two, ping, three, three]],
    [{ kind: 'swapped' }, [connect, two, one, ping]],
  ];

  it.each(rows)('%j: spoils messages and nothing else, however the network cuts them up', async (fault, expected) => {
    for (const size of [1, 7, 1_000]) {
      const broker = new LyingBroker();
      broker.set(fault);
      const { up } = broker.filters();
      const bytes = Buffer.from(said.join(''));
      const passed: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) passed.push(...(await up(bytes.subarray(at, at + size))));
      expect(Buffer.concat(passed).toString()).toEqual(expected.join(''));
      expect(broker.spoilt).toBe(fault.kind === 'none' ? 0 : 3);
    }
  });

  it('honest again, it lets go of what it held', async () => {
    const broker = new LyingBroker();
    const { down } = broker.filters();
    broker.set({ kind: 'swapped' });
    expect(await down(Buffer.from(one))).toEqual([]);
    broker.set({ kind: 'none' });
    expect(Buffer.concat([...(await down(Buffer.from(three)))]).toString()).toBe(three + one);
  });
});
