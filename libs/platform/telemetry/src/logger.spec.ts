import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Redacted, type Running } from '@flotilla/foundation';
import { createLogger } from './logger.ts';
import { startTelemetry } from './sdk/start-telemetry.ts';
import { inSpan } from './spans.ts';

let telemetry: Running;
beforeAll(() => void (telemetry = startTelemetry({ service: 'test', version: '0' })));
afterAll(() => telemetry.stop());

function openLogger(level = 'info') {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { logger: createLogger({ service: 'status', level, destination }), lines };
}

describe('a log line', () => {
  it('says who, when, how urgent and what, fields beside the sentence', () => {
    const { logger, lines } = openLogger();
    logger.warn({ cluster: 'c1' }, 'dropped a message');
    expect(lines).toEqual([
      { level: 'warn', time: expect.stringMatching(/Z$/), service: 'status', cluster: 'c1', msg: 'dropped a message' },
    ]);
  });

  it('below the level is not written', () => {
    const { logger, lines } = openLogger('warn');
    logger.info('nobody reads this');
    expect(lines).toEqual([]);
  });

  it('carries the trace that it belongs to', async () => {
    const { logger, lines } = openLogger();
    const ids = await inSpan('step', {}, async (span) => {
      logger.info('inside');
      return span.spanContext();
    });
    expect(lines).toEqual([expect.objectContaining({ trace_id: ids.traceId, span_id: ids.spanId })]);
  });
});

describe('AT-15 a credential is not logged', () => {
  const secret = 'canary-7f3a';

  it.each([
    ['by itself', { token: secret }],
    ['in an object', { request: { password: secret, seed: secret } }],
    ['two objects deep', { request: { headers: { authorization: secret } } }],
    ['in a list', { credentials: [{ secret }, { token: secret }] }],
    ['in a value that hides itself', { found: { somewhere: new Redacted(secret) } }],
  ])('%s', (_, fields) => {
    const { logger, lines } = openLogger();
    logger.error(fields, 'failed');
    const text = JSON.stringify(lines);
    expect({ told: text.includes(secret), said: text.includes('[redacted]') }).toEqual({ told: false, said: true });
  });
});
