import { describe, expect, it } from 'vitest';
import { scriptedClient, whileTimePasses as after } from '../testing/index.ts';
import type { KubeWarning } from './answer.ts';

const path = '/api/v1/namespaces/shop/configmaps/a';
const key = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' };
const object = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'shop', uid: '1', resourceVersion: '5' },
};
const leasePath = '/apis/coordination.k8s.io/v1/namespaces/shop/leases/a';
const leaseKey = { ...key, group: 'coordination.k8s.io', kind: 'Lease' };
const lease = { ...object, apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
const busy = { status: 429, headers: { 'retry-after': '2' }, json: { kind: 'Status', message: 'too many requests' } };
const broken = { fails: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) };

async function* halfAnAnswer() {
  yield '{"kind":';
  await new Promise(() => undefined);
}

describe('a call to the API server', () => {
  it('that is turned away waits as long as the server says, and comes again', async () => {
    const { transport, client, clock } = scriptedClient();
    transport.on(`GET ${path}`, [busy, { json: object }]);
    const { ms, ...outcome } = await after(clock, client.get(key));
    expect(outcome).toEqual({ value: object });
    expect(ms).toBeGreaterThanOrEqual(2_000);
  });

  it('waits while another one was turned away', async () => {
    const { transport, client, clock } = scriptedClient();
    transport.on(`GET ${path}`, [busy, { json: object }]).on('GET /version', [{ json: { major: '1' } }]);
    const first = client.get(key);
    await clock.advance(0);
    const { ms } = await after(clock, client.version());
    expect(ms).toBeGreaterThanOrEqual(2_000);
    await first;
  });

  it('is one of fewer at once after the server turned some away, and of more again when that goes well', async () => {
    const { transport, client, clock } = scriptedClient({ requestsMax: 16 });
    let [places, underWay, most, turnedAway] = [2, 0, 0, 0];
    transport.on(`GET ${path}`, async () => {
      if (underWay >= places) return (turnedAway++, busy);
      most = Math.max(most, ++underWay);
      await clock.sleep(500);
      underWay--;
      return { json: object };
    });
    const crowd = () => Promise.all(Array.from({ length: 40 }, () => client.get(key)));
    const { error } = { error: undefined, ...(await after(clock, crowd())) };
    const narrow = { error, most, isFew: turnedAway <= 30 };
    [places, turnedAway] = [16, 0];
    await clock.advance(60_000);
    await after(clock, crowd());
    expect([narrow, most, turnedAway]).toEqual([{ error: undefined, most: 2, isFew: true }, 16, 0]);
  });

  it('for a Lease waits neither for a pause nor for a crowd', async () => {
    const { transport, client, clock } = scriptedClient({ requestsMax: 1 });
    transport.on('GET /version', [{ ...busy, headers: { 'retry-after': '9' } }, { hangs: true }]);
    transport.on(`GET ${leasePath}`, [{ json: lease }]);
    await client.kinds.refresh();
    const crowd = [client.version(), client.version()].map((call) => call.catch(() => undefined));
    await clock.advance(0);
    // No time goes by here.
    expect(await client.get(leaseKey)).toEqual(lease);
    await after(clock, Promise.all(crowd));
  });

  it('that is turned away again and again gives up and says when to come back', async () => {
    const { transport, client, clock } = scriptedClient();
    transport.on(`GET ${path}`, [busy]);
    const outcome = await after(clock, client.get(key));
    expect(outcome).toMatchObject({
      error: { reason: 'TooManyRequests', subject: 'ConfigMap shop/a', consequence: { kind: 'retry', afterMs: 2_000 } },
    });
    expect(transport.seen.filter((seen) => seen.startsWith(`GET ${path}`))).toHaveLength(5);
  });

  it('leaves a long wait to whoever called', async () => {
    const { transport, client, clock } = scriptedClient();
    transport.on(`GET ${path}`, [{ ...busy, headers: { 'retry-after': '600' } }]);
    const { ms, ...outcome } = await after(clock, client.get(key));
    expect(outcome).toMatchObject({ error: { consequence: { kind: 'retry', afterMs: 600_000 } } });
    expect(ms).toBeLessThan(1_000);
  });

  it('survives a broken connection', async () => {
    const { transport, client, clock } = scriptedClient();
    transport.on(`GET ${path}`, [broken, broken, { json: object }]);
    expect(await after(clock, client.get(key))).toMatchObject({ value: object });
  });

  it('gives up on a server that stays away, with words for it', async () => {
    const { transport, client, clock } = scriptedClient();
    transport.on(`GET ${path}`, [broken]);
    expect(await after(clock, client.get(key))).toMatchObject({
      error: {
        code: 'unavailable',
        reason: 'ApiServerUnreachable',
        message: 'get ConfigMap shop/a: read ECONNRESET',
        consequence: { kind: 'retry' },
      },
    });
  });

  it('is not sent twice when it may have happened and cannot be repeated', async () => {
    const { transport, client, clock } = scriptedClient();
    const collection = 'POST /api/v1/namespaces/shop/configmaps';
    transport.on(collection, [broken]);
    expect(await after(clock, client.create(object, { manager: 'flotilla' }))).toMatchObject({
      error: { reason: 'ApiServerUnreachable' },
    });
    expect(transport.seen.filter((seen) => seen.startsWith(collection))).toHaveLength(1);
  });

  it('that gets no answer ends in time and is not repeated', async () => {
    const { transport, client, clock } = scriptedClient({ timeoutMs: 10_000 });
    transport.on(`GET ${path}`, [{ hangs: true }]);
    const { ms, ...outcome } = await after(clock, client.get(key));
    expect(outcome).toMatchObject({
      error: { code: 'timeout', reason: 'ApiServerSilent', message: expect.stringContaining('get ConfigMap shop/a') },
    });
    expect(ms).toBeLessThan(10_500);
  });

  it('ends in time as well when the answer stops half-way', async () => {
    const { transport, client, clock } = scriptedClient({ timeoutMs: 10_000 });
    transport.on(`GET ${path}`, [{ stream: halfAnAnswer() }]);
    expect(await after(clock, client.get(key))).toMatchObject({ error: { reason: 'ApiServerSilent' } });
  });

  it('repeats a 503 that names a time, and no other failure of the server', async () => {
    const { transport, client, clock } = scriptedClient();
    transport.on(`GET ${path}`, [
      { status: 503, headers: { 'retry-after': '1' } },
      { status: 500, text: 'boom' },
    ]);
    expect(await after(clock, client.get(key))).toMatchObject({ error: { reason: 'ApiServerFailed' } });
    expect(transport.seen.filter((seen) => seen.startsWith(`GET ${path}`))).toHaveLength(2);
  });

  it('names an answer that no API server gives', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`GET ${path}`, [{ text: '<html>please log in</html>' }]);
    await expect(client.get(key)).rejects.toMatchObject({ reason: 'AnswerUnreadable', subject: 'ConfigMap shop/a' });
  });

  it('refuses an answer that would fill the memory', async () => {
    const { transport, client } = scriptedClient({ answerBytesMax: 1_000 });
    transport.on(`GET ${path}`, [{ text: 'x'.repeat(1_001) }]);
    await expect(client.get(key)).rejects.toMatchObject({ code: 'too-large', reason: 'AnswerTooLarge' });
  });

  it('stops when it is told to', async () => {
    const { transport, client, clock } = scriptedClient();
    transport.on(`GET ${path}`, [{ hangs: true }]);
    const stopping = new AbortController();
    const work = client.get(key, { signal: stopping.signal }).catch((error: unknown) => error);
    await clock.advance(0);
    stopping.abort();
    expect(await work).toMatchObject({ reason: 'Stopped' });
  });

  it('hands over what the server wants people to know', async () => {
    const told: KubeWarning[] = [];
    const { transport, client } = scriptedClient({ onWarning: (warning) => told.push(warning) });
    const warning = '299 - "policy/v1beta1 is \\"old\\"", 299 - "unknown field"';
    transport.on(`PATCH ${path}`, [{ headers: { warning }, json: object }]);
    const applied = await client.apply(object, { manager: 'flotilla', force: false });
    expect(applied).toMatchObject({ warnings: ['policy/v1beta1 is "old"', 'unknown field'] });
    expect(told).toEqual([
      { verb: 'apply', subject: 'ConfigMap shop/a', text: 'policy/v1beta1 is "old"' },
      { verb: 'apply', subject: 'ConfigMap shop/a', text: 'unknown field' },
    ]);
  });

  it('waits for its turn when too many are under way', async () => {
    const { transport, client, clock } = scriptedClient({ requestsMax: 3 });
    let [running, most] = [0, 0];
    transport.on(`GET ${path}`, async () => {
      most = Math.max(most, ++running);
      await clock.sleep(50);
      running--;
      return { json: object };
    });
    await after(clock, Promise.all(Array.from({ length: 20 }, () => client.get(key))));
    expect(most).toBe(3);
  });
});
