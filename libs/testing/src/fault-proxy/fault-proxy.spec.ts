import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../process/until.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { passing, type LinkFault } from './link-fault.ts';

let server: Server;
let proxy: FaultProxy;
/** What the server heard on each of its connections. */
let heard: Dialled[];

beforeEach(async () => {
  heard = [];
  // Says back whatever it hears.
  server = createServer({ allowHalfOpen: true }, (socket) => {
    heard.push(new Dialled(socket));
    socket.on('data', (data) => socket.write(data));
    socket.on('end', () => socket.end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  proxy = await startFaultProxy({ to: (server.address() as AddressInfo).port });
});

afterEach(async () => {
  await proxy.stop();
  server.close();
});

/** One end of a connection, and how it ended. */
class Dialled {
  readonly socket: Socket;
  text = '';
  end: 'open' | 'end' | 'reset' | 'refused' = 'open';

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (data) => (this.text += data.toString('latin1')));
    socket.on('end', () => (this.end = 'end'));
    socket.on('error', ({ code }: NodeJS.ErrnoException) => (this.end = code === 'ECONNREFUSED' ? 'refused' : 'reset'));
  }

  async says(text: string): Promise<void> {
    await until(() => this.text === text, { what: `${JSON.stringify(text)}, and not ${JSON.stringify(this.text)}` });
  }

  async ends(how: Dialled['end']): Promise<void> {
    await until(() => this.end === how, { what: `the connection to be ${how}, and not ${this.end}` });
  }
}

const dial = () => new Dialled(connect(proxy.port, '127.0.0.1'));

/** Says something first, so that the connection stands on both sides. */
async function greeted(): Promise<Dialled> {
  const client = dial();
  client.socket.write('hi;');
  await client.says('hi;');
  return client;
}

describe('a line that passes', () => {
  it('passes both ways, large things too, and the end of either side', async () => {
    const client = dial();
    const large = 'x'.repeat(5_000_000);
    client.socket.end(large);
    await client.ends('end');
    expect([client.text === large, heard[0]!.text === large, heard[0]!.end]).toEqual([true, true, 'end']);
  });
});

describe('a fault of one connection', () => {
  const rows: readonly [string, LinkFault, { client: string; server: string; end: Dialled['end'] }][] = [
    ['delay', { kind: 'delay', ms: 30 }, { client: 'hi;abcdef', server: 'hi;abcdef', end: 'open' }],
    ['slow', { kind: 'slow', bytesPerSecond: 100 }, { client: 'hi;abcdef', server: 'hi;abcdef', end: 'open' }],
    [
      'a wrong byte up',
      { kind: 'flip', at: 4, direction: 'up' },
      { client: 'hi;accdef', server: 'hi;accdef', end: 'open' },
    ],
    [
      'a wrong byte down',
      { kind: 'flip', at: 4, direction: 'down' },
      { client: 'hi;accdef', server: 'hi;abcdef', end: 'open' },
    ],
    [
      'truncated up',
      { kind: 'truncate', after: 5, direction: 'up', cut: 'end' },
      { client: 'hi;', server: 'hi;ab', end: 'end' },
    ],
    [
      'truncated down',
      { kind: 'truncate', after: 5, direction: 'down' },
      { client: 'hi;', server: 'hi;abcdef', end: 'reset' },
    ],
    ['silent up', { kind: 'silent', direction: 'up' }, { client: 'hi;', server: 'hi;', end: 'open' }],
    ['silent down', { kind: 'silent', direction: 'down' }, { client: 'hi;', server: 'hi;abcdef', end: 'open' }],
    ['half open', { kind: 'silent' }, { client: 'hi;', server: 'hi;', end: 'open' }],
  ];

  it.each(rows)('%s does to it what it says, and nothing to its neighbour', async (_name, fault, told) => {
    const [client, neighbour] = [await greeted(), await greeted()];
    proxy.connections[0]!.set(fault);
    client.socket.write('abcdef');
    neighbour.socket.write('abcdef');
    await neighbour.says('hi;abcdef');
    await heard[0]!.says(told.server);
    // A reset throws away what was on its way; nothing can be said of how much of it arrived.
    if (told.end !== 'reset') await client.says(told.client);
    await client.ends(told.end);
    expect(heard[1]!.text).toBe('hi;abcdef');
  });
});

describe('a fault of all', () => {
  it.each([{ direction: 'up' as const }, { direction: 'down' as const }, {}])(
    'silence %j holds what is said, and lets it through once it ends',
    async (ways) => {
      const old = await greeted();
      proxy.set({ kind: 'silent', ...ways });
      old.socket.write('late;');
      const young = dial();
      young.socket.write('late;');
      await until(() => proxy.connections.length === 2, { what: 'a second connection' });
      proxy.set({ kind: 'delay', ms: 1 });
      await Promise.all([old.says('hi;late;'), young.says('late;')]);
    },
  );

  it.each([['end'], ['reset']] as const)('%s cuts both sides, and takes new connections', async (how) => {
    const client = await greeted();
    proxy.cut(how);
    await client.ends(how);
    await heard[0]!.ends(how);
    await until(() => proxy.connections.length === 0, { what: 'the connection to be forgotten' });
    await greeted();
  });

  it('gone, it refuses; back, it is where it was', async () => {
    const client = await greeted();
    await proxy.close();
    await client.ends('reset');
    const early = dial();
    await early.ends('refused');
    await proxy.open();
    proxy.set(passing);
    expect((await greeted()).end).toBe('open');
  });

  it('a server that is away resets whoever dials, and the proxy stays', async () => {
    const { port } = server.address() as AddressInfo;
    server.close();
    await dial().ends('reset');
    await once(server.listen(port, '127.0.0.1'), 'listening');
    expect((await greeted()).end).toBe('open');
  });
});
