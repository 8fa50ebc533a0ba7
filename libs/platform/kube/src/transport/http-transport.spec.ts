import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpServer } from '../testing/http-server.ts';
import type { Credentials } from './credentials.ts';
import { HttpTransport, type HttpTransportOptions } from './http-transport.ts';

async function transportTo(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  options: Partial<HttpTransportOptions> & { readonly prefix?: string } = {},
) {
  const server = await startHttpServer(handle);
  const transport = new HttpTransport({
    server: `${server.url}${options.prefix ?? ''}`,
    credentials: nobody,
    ...options,
  });
  onTestFinished(async () => {
    await transport.close();
    await server.close();
  });
  return { transport, server };
}

async function nobody(): Promise<Credentials> {
  return { headers: {}, tls: {} };
}

function echo(request: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { method, url, rawHeaders } = request;
    response.end(JSON.stringify({ method, url, rawHeaders, body: Buffer.concat(parts).toString() }));
  });
}

describe('the transport over HTTP', () => {
  it('sends method, path, query, headers and body as they are', async () => {
    const { transport } = await transportTo(echo, { prefix: '/k8s/clusters/c-1/', userAgent: 'flotilla-agent' });
    const response = await transport.request({
      method: 'PATCH',
      path: '/api/v1/namespaces/shop/configmaps/a',
      query: new URLSearchParams({ fieldManager: 'flotilla', labelSelector: 'a in (b, c)' }),
      headers: { 'content-type': 'application/json', 'impersonate-group': ['a', 'b'] },
      body: '{"x":"ü"}',
    });
    const seen = JSON.parse(await response.text()) as { url: string; body: string; rawHeaders: string[] };
    expect([response.status, seen.url, seen.body]).toEqual([
      200,
      '/k8s/clusters/c-1/api/v1/namespaces/shop/configmaps/a?fieldManager=flotilla&labelSelector=a+in+%28b%2C+c%29',
      '{"x":"ü"}',
    ]);
    expect(linesOf(seen.rawHeaders, 'impersonate-group')).toEqual(['a', 'b']);
    expect(linesOf(seen.rawHeaders, 'user-agent')).toEqual(['flotilla-agent']);
  });

  it('uses new credentials from the next request on', async () => {
    let token = 'old';
    const credentials = async (): Promise<Credentials> => ({
      headers: { authorization: `Bearer ${token}` },
      tls: { key: token },
    });
    const { transport } = await transportTo(echo, { credentials });
    const authorization = async () => {
      const response = await transport.request({ method: 'GET', path: '/' });
      return linesOf((JSON.parse(await response.text()) as { rawHeaders: string[] }).rawHeaders, 'authorization');
    };
    expect(await authorization()).toEqual(['Bearer old']);
    token = 'new';
    expect(await Promise.all([authorization(), authorization()])).toEqual([['Bearer new'], ['Bearer new']]);
  });

  it('leaves nothing of its own impersonation to a request that has another', async () => {
    const headers = { authorization: 'Bearer a', 'impersonate-user': 'admin', 'impersonate-group': ['system:masters'] };
    const { transport } = await transportTo(echo, { credentials: async () => ({ headers, tls: {} }) });
    const response = await transport.request({ method: 'GET', path: '/', headers: { 'impersonate-user': 'jane' } });
    const { rawHeaders } = JSON.parse(await response.text()) as { rawHeaders: string[] };
    expect(linesOf(rawHeaders, 'impersonate-user')).toEqual(['jane']);
    expect(linesOf(rawHeaders, 'impersonate-group')).toEqual([]);
    expect(linesOf(rawHeaders, 'authorization')).toEqual(['Bearer a']);
  });

  it('does not follow a redirect with its credentials', async () => {
    const { transport } = await transportTo((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect((await transport.request({ method: 'GET', path: '/' })).status).toBe(302);
  });

  it('keeps its connections and bounds their number', async () => {
    const { transport, server } = await transportTo((_, response) => void setTimeout(() => response.end('done'), 5));
    const requests = Array.from({ length: 200 }, async () =>
      (await transport.request({ method: 'GET', path: '/' })).text(),
    );
    expect(new Set(await Promise.all(requests))).toEqual(new Set(['done']));
    expect(server.connectionsMost()).toBeLessThanOrEqual(32);
  });

  it('hands over an endless answer as it comes, beside all other requests, until it is aborted', async () => {
    const { promise: serverSawEnd, resolve: ended } = Promise.withResolvers<void>();
    const { transport } = await transportTo((request, response) => {
      if (request.url !== '/watch') return void response.end('ok');
      response.on('close', ended);
      response.write('one\n');
    });
    const stopping = new AbortController();
    const { body } = await transport.request({ method: 'GET', path: '/watch', endless: true, signal: stopping.signal });
    const parts = body[Symbol.asyncIterator]();
    expect(Buffer.from((await parts.next()).value as Uint8Array).toString()).toBe('one\n');
    expect(await (await transport.request({ method: 'GET', path: '/' })).text()).toBe('ok');
    stopping.abort(new Error('enough'));
    await expect(parts.next()).rejects.toThrow('enough');
    await serverSawEnd;
  });

  it('ends the request when nobody reads on', async () => {
    const { promise: serverSawEnd, resolve: ended } = Promise.withResolvers<void>();
    const { transport } = await transportTo((_, response) => {
      response.on('close', ended);
      response.write('one\n');
    });
    const { body } = await transport.request({ method: 'GET', path: '/', endless: true });
    for await (const part of body) {
      expect(part.byteLength).toBe(4);
      break;
    }
    await expect(serverSawEnd).resolves.toBeUndefined();
  });

  it('reads at the pace of its reader', async () => {
    let written = 0;
    const { transport } = await transportTo((_, response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const write = () => {
        while (written < 500 && response.write(chunk)) written++;
        if (written < 500) response.once('drain', () => (written++, write()));
        else response.end();
      };
      write();
    });
    const response = await transport.request({ method: 'GET', path: '/' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(written).toBeLessThan(400);
    let bytes = 0;
    for await (const part of response.body) bytes += part.byteLength;
    expect(bytes).toBe(500 * 64 * 1024);
  });

  it('gives up an answer that is too large', async () => {
    const { transport } = await transportTo((_, response) => response.end('x'.repeat(100_000)));
    const response = await transport.request({ method: 'GET', path: '/' });
    await expect(response.text(1_000)).rejects.toMatchObject({ reason: 'AnswerTooLarge' });
  });

  it('says so when the connection breaks within an answer', async () => {
    const { transport } = await transportTo((_, response) => {
      response.write('half', () => response.destroy());
    });
    const response = await transport.request({ method: 'GET', path: '/' });
    await expect(response.text()).rejects.toMatchObject({ code: 'unavailable', reason: 'ApiServerUnreachable' });
  });

  it('names the server that nobody answers for', async () => {
    const server = await startHttpServer(echo);
    await server.close();
    const transport = new HttpTransport({ server: server.url, credentials: nobody });
    onTestFinished(() => transport.close());
    await expect(transport.request({ method: 'GET', path: '/' })).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'ApiServerUnreachable',
      message: expect.stringContaining(server.url),
    });
  });

  it('refuses a request that was aborted before it began', async () => {
    const { transport } = await transportTo(echo);
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(transport.request({ method: 'GET', path: '/', signal })).rejects.toThrow('too late');
  });
});

function linesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders.at(index - 1)?.toLowerCase() === name);
}
