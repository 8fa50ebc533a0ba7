import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '@flotilla/foundation';
import { startTelemetry } from './sdk/start-telemetry.ts';
import { currentTraceparent, inSpan } from './spans.ts';

let telemetry: Running;
beforeAll(() => void (telemetry = startTelemetry({ service: 'test', version: '0' })));
afterAll(() => telemetry.stop());

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
const traceOf = (text: string | undefined) => text?.split('-')[1];

describe('a span', () => {
  it('goes on in the trace that a message carried, over any number of asynchronous steps', async () => {
    const traces = await inSpan('receive', { kind: 'consumer', traceparent }, async () => {
      const first = currentTraceparent();
      await new Promise(setImmediate);
      return [first, await inSpan('step', {}, async () => currentTraceparent())];
    });
    expect({ traces: traces.map(traceOf), spans: new Set(traces).size }).toEqual({
      traces: [traceId, traceId],
      spans: 2,
    });
  });

  it.each([undefined, null, '', 'nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, traceparent.toUpperCase()])(
    'begins a trace of its own when %j came with the message',
    async (given) => {
      const own = await inSpan('receive', { traceparent: given }, async () => currentTraceparent());
      expect({ own, new: traceOf(own) !== traceId }).toEqual({
        own: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
        new: true,
      });
    },
  );

  it('passes on what its work returns and what it throws', async () => {
    const failing = inSpan('step', {}, async () => Promise.reject(new Error('mine')));
    await expect(failing).rejects.toThrow('mine');
    expect(await inSpan('step', {}, async () => 42)).toBe(42);
  });

  it('is over when its work is', async () => {
    const span = await inSpan('step', {}, async (running) => running);
    expect(span.isRecording()).toBe(false);
  });
});

it('there is no trace where nothing runs', () => {
  expect(context.with(ROOT_CONTEXT, () => [currentTraceparent(), trace.getActiveSpan()])).toEqual([
    undefined,
    undefined,
  ]);
});
