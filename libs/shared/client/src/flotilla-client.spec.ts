import { describe, expect, it } from 'vitest';
import { operations, type StreamEvent } from '@flotilla/contracts';
import { Fault } from '@flotilla/foundation';
import { ApiFault, FlotillaClient } from './flotilla-client.ts';

const params = { project: 'shop' };

/** A client before a server that gives these answers, one after another. */
function openClient(...answers: (() => Response | Promise<Response>)[]) {
  const sent: { url: string; method: string; headers: object; body: unknown }[] = [];
  const fetch = async (url: string | URL | Request, { method, headers, body }: RequestInit = {}) => {
    sent.push({ url: url as string, method: method!, headers: headers as object, body });
    return answers[sent.length - 1]!();
  };
  const lines: string[] = [];
  const options = {
    server: 'https://fleet.example',
    token: 'secret',
    fetch,
    onRequest: (line: string) => lines.push(line),
  };
  return { client: new FlotillaClient(options), sent, lines };
}

const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });
const failure = (thrown: Promise<unknown>) =>
  thrown.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a call', () => {
  it('is sent as the contract says, with everything in its place', async () => {
    const { client, sent, lines } = openClient(json({ targets: [] }, 202), json({ items: [] }));
    const body = { application: 'a' };
    await client.call(operations.syncTargets, { params, body }, { idempotencyKey: 'k' });
    const query = { limit: 5, labelSelector: 'a in (b, c)' };
    await client.call(operations.listClusters, { params: { project: 'a/../b' }, query });
    const headers = { accept: 'application/json', authorization: 'Bearer secret' };
    expect({ sent, lines }).toEqual({
      sent: [
        {
          url: 'https://fleet.example/api/v1/projects/shop/targets/sync',
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': 'k' },
          body: '{"application":"a"}',
        },
        {
          url: 'https://fleet.example/api/v1/projects/a%2F..%2Fb/clusters?limit=5&labelSelector=a+in+%28b%2C+c%29',
          method: 'GET',
          headers,
          body: undefined,
        },
      ],
      lines: [
        'POST https://fleet.example/api/v1/projects/shop/targets/sync -> 202',
        'GET https://fleet.example/api/v1/projects/a%2F..%2Fb/clusters?limit=5&labelSelector=a+in+%28b%2C+c%29 -> 200',
      ],
    });
  });

  it('of an operation that answers in text is text', async () => {
    const { client } = openClient(() => new Response('up 1\n'));
    expect(await client.call(operations.metrics, {})).toBe('up 1\n');
  });

  it('for a list follows its pages to the last', async () => {
    const { client, sent } = openClient(json({ items: [1, 2], nextCursor: 'a/b' }), json({ items: [3] }));
    const items = await Array.fromAsync(client.list(operations.listTargets, { params, query: { environment: 'dev' } }));
    expect({ items, asked: sent.map(({ url }) => url.split('?')[1]) }).toEqual({
      items: [1, 2, 3],
      asked: ['limit=500&environment=dev', 'limit=500&environment=dev&cursor=a%2Fb'],
    });
  });
});

describe('a refusal', () => {
  const problem = (status: number) => ({
    type: 'about:blank',
    title: 'No',
    status,
    detail: 'told to a person',
    code: 'ToldToMachines',
    retryable: false,
  });

  it.each([
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'conflict'],
    [413, 'too-large'],
    [422, 'invalid'],
    [429, 'too-many'],
    [400, 'invalid'],
    [500, 'internal'],
    [503, 'unavailable'],
    [504, 'timeout'],
  ])('%i is a fault that is %s, with the whole problem in it', async (status, code) => {
    const { client } = openClient(json({ ...problem(status), added: 'later' }, status));
    const fault = (await failure(client.call(operations.version, {}))) as ApiFault;
    expect({ is: fault instanceof ApiFault, ...meaningOf(fault), problem: fault.problem }).toEqual({
      is: true,
      code,
      reason: 'ToldToMachines',
      message: 'told to a person',
      problem: problem(status),
    });
  });

  it.each([
    ['HTML of a proxy', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
    ['JSON of somebody else', json({ message: 'no' }, 502)],
    ['nothing', () => new Response(null, { status: 502 })],
  ])('that is %s says that this may not be Flotilla', async (_, answer) => {
    const fault = await failure(openClient(answer).client.call(operations.version, {}));
    expect(meaningOf(fault)).toEqual({
      code: 'internal',
      reason: 'ServerUnknown',
      message: 'https://fleet.example/api/v1/version answered 502 and not as Flotilla does; is it the right server?',
    });
  });
});

describe('a server that cannot be reached', () => {
  const down = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });

  it.each([
    [
      'as Node tells it',
      down,
      'https://fleet.example cannot be reached (ECONNREFUSED); is it running, and is the address right?',
    ],
    [
      'as a browser tells it',
      new TypeError('Failed to fetch'),
      'https://fleet.example cannot be reached; is it running, and is the address right?',
    ],
    [
      'as something else tells it',
      'no',
      'https://fleet.example cannot be reached; is it running, and is the address right?',
    ],
  ])('is a fault that may pass, %s', async (_, error, message) => {
    const { client } = openClient(() => Promise.reject(error as Error));
    expect(meaningOf(await failure(client.call(operations.version, {})))).toEqual({
      code: 'unavailable',
      reason: 'ServerUnreachable',
      message,
    });
  });

  it('is told in the words of whoever sends for us, when they have any', async () => {
    const fault = new Fault({ code: 'timeout', reason: 'ServerSilent', message: 'no answer in 30 s' });
    expect(await failure(openClient(() => Promise.reject(fault)).client.call(operations.version, {}))).toBe(fault);
  });

  it('is no fault when it was we who hung up', async () => {
    const signal = AbortSignal.abort(new Error('hung up'));
    const { client } = openClient(() => Promise.reject(new Error('hung up')));
    await expect(client.call(operations.version, {}, { signal })).rejects.toThrow('hung up');
  });
});

describe('a stream', () => {
  const bytesOf = (text: string) => new TextEncoder().encode(text);
  const signal = new AbortController().signal;

  /** A stream of text in pieces, which counts what was taken and knows whether its reader left. */
  function openStream(pieces: readonly (string | Uint8Array)[], end: 'end' | 'cut' = 'end') {
    const seen = { taken: 0, left: false };
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          const piece = pieces[seen.taken++];
          if (piece !== undefined) return controller.enqueue(typeof piece === 'string' ? bytesOf(piece) : piece);
          if (end === 'end') controller.close();
          else controller.error(new TypeError('terminated'));
        },
        cancel: () => void (seen.left = true),
      },
      { highWaterMark: 0 },
    );
    return { seen, ...openClient(() => new Response(body)) };
  }

  const added = (uid: string): StreamEvent => ({ type: 'ADDED', kind: 'target', object: { uid } });
  const textOf = (event: StreamEvent) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

  it('is asked for by kinds, and read across whatever pieces it comes in', async () => {
    const [ä, b] = [added('ä'), added('b')];
    const bytes = [...bytesOf(`: still here\n\n${textOf(ä)}${textOf(b)}`)].map((byte) => Uint8Array.of(byte));
    const { client, sent } = openStream(bytes);
    let heard = 0;
    const events = await Array.fromAsync(client.stream('shop', ['target', 'count'], signal, () => heard++));
    expect({ events, url: sent[0]?.url, accept: sent[0]?.headers, heardOften: heard > 10 }).toMatchObject({
      events: [ä, b],
      url: 'https://fleet.example/api/v1/projects/shop/stream?kinds=target%2Ccount',
      accept: { accept: 'text/event-stream' },
      heardOften: true,
    });
  });

  it('is read at the pace of its listener, and closed when that one leaves', async () => {
    const { client, seen } = openStream(Array.from({ length: 1_000 }, (_, at) => textOf(added(`${at}`))));
    for await (const _ of client.stream('shop', ['target'], signal)) break;
    await new Promise(setImmediate);
    expect({ few: seen.taken < 10, left: seen.left }).toEqual({ few: true, left: true });
  });

  it('that is cut tells what came before, then throws', async () => {
    const { client } = openStream([textOf(added('a'))], 'cut');
    const told: StreamEvent[] = [];
    const listening = (async () => {
      for await (const event of client.stream('shop', ['target'], signal)) told.push(event);
    })();
    await expect(listening).rejects.toThrow('terminated');
    expect(told).toEqual([added('a')]);
  });
});

function meaningOf(thrown: unknown): object {
  const { code, reason, message } = thrown as Fault;
  return { code, reason, message };
}
