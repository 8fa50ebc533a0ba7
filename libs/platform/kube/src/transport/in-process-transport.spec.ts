import { describe, expect, it } from 'vitest';
import { inProcessTransport, type InProcessRequest } from './in-process-transport.ts';

async function* parts(...texts: string[]) {
  yield* texts;
}

async function* never() {
  yield 'one';
  await new Promise(() => undefined);
}

describe('the transport to a server in this process', () => {
  it('hands over a request as a server would see it', async () => {
    const seen: InProcessRequest[] = [];
    const transport = inProcessTransport(async (request) => {
      seen.push(request);
      return { status: 201, headers: { 'content-type': 'text/plain' }, body: 'made' };
    });
    const response = await transport.request({
      method: 'POST',
      path: '/a',
      headers: { accept: 'b', 'impersonate-group': ['x', 'y'] },
      body: '{}',
    });
    expect([response.status, response.headers, await response.text()]).toEqual([
      201,
      { 'content-type': 'text/plain' },
      'made',
    ]);
    const headers = { accept: 'b', 'impersonate-group': 'x, y' };
    expect(seen).toEqual([{ method: 'POST', path: '/a', query: new URLSearchParams(), headers, body: '{}' }]);
  });

  it.each([['text'], ['stream']])('gives a %s either way', async (how) => {
    const transport = inProcessTransport(async () => ({
      status: 200,
      headers: {},
      body: how === 'text' ? 'äb' : parts('ä', 'b'),
    }));
    expect(await (await transport.request({ method: 'GET', path: '/' })).text()).toBe('äb');
    const chunks = await Array.fromAsync((await transport.request({ method: 'GET', path: '/' })).body);
    expect(Buffer.concat(chunks).toString()).toBe('äb');
    const large = await transport.request({ method: 'GET', path: '/' });
    await expect(large.text(2)).rejects.toMatchObject({ reason: 'AnswerTooLarge' });
  });

  it('ends with the signal even when the server ignores it', async () => {
    const stopping = new AbortController();
    const hanging = inProcessTransport(() => new Promise(() => undefined));
    const request = hanging.request({ method: 'GET', path: '/', signal: stopping.signal });
    const streaming = inProcessTransport(async () => ({ status: 200, headers: {}, body: never() }));
    const response = await streaming.request({ method: 'GET', path: '/', signal: stopping.signal });
    const text = response.text();
    stopping.abort(new Error('enough'));
    expect((await Promise.allSettled([request, text])).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
