import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentTraceparent } from '@flotilla/platform-telemetry';
import { openGateway, type TestGateway } from '../testing/open-gateway.ts';
import { refusal } from '../testing/requests.ts';
import { openTracedGateway, traceId, traceparent } from '../testing/traced-gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openTracedGateway();
});

afterAll(() => gateway.stop());

describe('the door for Git hosts', () => {
  const hook = (body: string) =>
    gateway.send('/hooks/abc', { method: 'POST', body, headers: { 'x-hub-signature-256': 'sha256=00' } });

  it('passes on exactly the bytes that came, whatever they call themselves', async () => {
    await hook('{"not json \u00ff');
    expect(gateway.asked.at(-1)).toEqual({
      verb: 'hook',
      request: { repository: 'abc', body: Buffer.from('{"not json \u00ff').toString('base64'), signature: 'sha256=00' },
    });
  });

  it("goes on in the caller's trace, also when its body comes in pieces", async () => {
    let pieces = 0;
    const traces: (string | undefined)[] = [];
    const listening = await openGateway({
      answer: async () => {
        traces.push(currentTraceparent()?.split('-')[1]);
        return { repository: 'shop' };
      },
    });
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        controller.enqueue(Buffer.from('piece'));
        // As long as it takes to get there: the rest is another event of the socket.
        for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
        if (++pieces === 2) controller.close();
      },
    });
    const request = { method: 'POST', body, duplex: 'half', headers: { traceparent } } as RequestInit;
    await listening.send('/hooks/abc', request);
    await listening.stop();
    expect(traces).toEqual([traceId]);
  });

  it('takes a mebibyte, and refuses more while it is still coming in', async () => {
    const [before, mebibyte] = [gateway.asked.length, 1024 * 1024];
    expect((await hook('x'.repeat(mebibyte))).status).toBe(202);
    expect(await refusal(await hook('x'.repeat(mebibyte + 1)))).toMatchObject({ status: 413, code: 'BodyTooLarge' });
    expect(gateway.asked.length - before).toBe(1);
  });
});
