import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerFailure } from '@flotilla/control-delivery';
import {
  applyDocuments,
  deleteDocument,
  tellNotices,
  type Credential,
  type Post,
  type Receivers,
} from '@flotilla/control-sources';
import { NoticeStore, RollbackStore } from '@flotilla/control-store';
import { createIds, Fault, Redacted, systemClock, toFault } from '@flotilla/foundation';
import { hmacSha256 } from '@flotilla/foundation/node';
import { documentApiVersion, noFence, systemActor } from '@flotilla/model';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { hear, openTarget, reportOf, statusOf } from '../support/stored-target.ts';

/** Somebody outside who is told, and takes it or does not. */
class RecordingReceivers implements Receivers {
  readonly taken: Post[] = [];
  fault: Fault | undefined;

  async post(post: Post): Promise<void> {
    this.taken.push(post);
    if (this.fault) throw this.fault;
  }
}

const by = systemActor('test');
const project = 'default';
const signal = AbortSignal.timeout(60_000);
const secret = 'a secret of thirty characters.';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

const address = 'https://hooks.example.org/services/T/B/X';
const known: Readonly<Record<string, Credential>> = {
  hook: { kind: 'webhook', secret: new Redacted(secret) },
  team: { kind: 'address', address: new Redacted(address) },
};

/** A fleet of one target, and a notifier that tells of freezes and drift. */
async function openFleet(over: object = {}) {
  const fleet = await openTarget(fixture);
  const to = { webhook: { url: 'https://hook.example.org/flotilla', secret: 'hook' } };
  const spec = { when: ['freeze.*', 'drift.find'], to, ...over };
  const document = { apiVersion: documentApiVersion, kind: 'Notifier', metadata: { name: 'on-call' }, spec };
  const files = [{ file: 'on-call', text: JSON.stringify(document) }];
  const { problems } = await applyDocuments(fleet.documents, { project, files, by, dryRun: false });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const [{ uid }] = (await fleet.store.query(`SELECT uid FROM document WHERE kind = 'Notifier'`)) as [{ uid: string }];
  const receivers = new RecordingReceivers();
  const ports = {
    notices: new NoticeStore(fleet.store),
    credentials: { get: async (_project: string, name: string) => known[name] },
    receivers,
    publicUrl: 'https://flotilla.example.org/',
  };
  const marked = async () => {
    const rows = await fleet.store.query<{ key: string }>(`DELETE FROM work WHERE kind = 'notify' RETURNING key`);
    return rows.map(({ key }) => key === uid);
  };
  const waiting = async () => {
    const [row] = await fleet.store.query<{ count: number }>('SELECT count(*)::int AS count FROM notice');
    return row!.count;
  };
  return { ...fleet, receivers, marked, waiting, tell: () => tellNotices(ports, uid, signal) };
}

/** The rollout of a release that its one target was admitted to, and that went badly there; nothing was well before. */
async function haltedOf({ store, cluster, record, statuses, ...fleet }: Awaited<ReturnType<typeof openFleet>>) {
  await hear(store, [cluster]);
  await store.query(`UPDATE document SET spec = spec || $1 WHERE kind = 'Environment'`, [
    { rollout: { maxFailures: 0, onFailure: 'rollback' } },
  ]);
  fleet.commit({ 'services/checkout/dev/a.yaml': 'a: 2' });
  await fleet.look();
  const { uid } = (await fleet.plan('checkout'))!.rollouts[0]!;
  await record.settleRollout(uid);
  await fleet.plan('checkout');
  const { entries } = (await record.setFor(cluster, noFence))!;
  await statuses.store([reportOf(cluster, 1, [statusOf(entries[0]!, { health: 'Degraded' })])], systemClock.now());
  await store.query(`UPDATE target_status SET reported_at = reported_at - interval '1 minute'`);
  await record.settleRollout(uid);
  return uid;
}

describe('a notifier', () => {
  it('is told of a line with the line: signed, with an id, what, why, who, since when, and where to go on', async () => {
    const fleet = await openFleet();
    await fleet.freeze('year-end');
    await fleet.join('c9', {});
    const marked = await fleet.marked();
    const again = await fleet.tell();
    const [{ url, headers, body }] = fleet.receivers.taken as [Post];
    const told = JSON.parse(body) as { delivery: string; events: { at: string }[] };
    expect([marked, again, url, await fleet.waiting(), await fleet.tell(), fleet.receivers.taken.length]).toEqual([
      [true],
      undefined,
      'https://hook.example.org/flotilla',
      0,
      undefined,
      1,
    ]);
    expect([headers['flotilla-signature'], headers['flotilla-delivery']]).toEqual([
      `sha256=${hmacSha256(secret, body)}`,
      told.delivery,
    ]);
    expect({ ...told, delivery: '', events: told.events.map((event) => ({ ...event, at: '' })) }).toEqual({
      delivery: '',
      project,
      notifier: 'on-call',
      events: [
        {
          action: 'freeze.set',
          subject: 'Freeze default/year-end',
          message: 'deploys until lifted: incident 42',
          by: 'system:test',
          at: '',
          command: 'flotilla describe freeze year-end -p default',
          act: 'flotilla unfreeze year-end -p default',
          link: 'https://flotilla.example.org/?project=default',
        },
      ],
      waiting: 0,
    });
  });

  it('is told of nothing that did not happen: a transaction that fails tells nobody', async () => {
    const fleet = await openFleet();
    const line = { project, actor: by, action: 'freeze.set' as const, subject: 'Freeze default/x', message: 'never' };
    const undecided = fleet.store.transact(async (transaction) => {
      transaction.record(line);
      throw new Error('undecided');
    });
    await expect(undecided).rejects.toThrow('undecided');
    expect([await fleet.marked(), await fleet.waiting(), await fleet.tell(), fleet.receivers.taken]).toEqual([
      [],
      0,
      undefined,
      [],
    ]);
  });

  it('that is Slack-compatible is sent text at an address that is a credential, in which nobody can call a channel', async () => {
    const fleet = await openFleet({ to: { slack: { address: 'team' } } });
    await fleet.freeze('year-end', { reason: '<!channel> *fire*\u0007 & smoke' });
    await fleet.tell();
    const [{ url, body }] = fleet.receivers.taken as [Post];
    const { text } = JSON.parse(body) as { text: string };
    expect([url, text.split('\n')[0]]).toEqual([
      address,
      '*freeze.set* Freeze default/year-end: deploys until lifted: &lt;!channel&gt; *fire*  &amp; smoke',
    ]);
  });

  it('gets at most fifty lines at once, in order, and the others a moment later', async () => {
    const fleet = await openFleet();
    await fleet.store.transact(async (transaction) => {
      for (let line = 1; line <= 60; line++)
        transaction.record({
          project,
          actor: by,
          action: 'freeze.set',
          subject: 'Freeze default/x',
          message: `line ${line}`,
        });
    });
    const looks = [await fleet.tell(), await fleet.tell(), await fleet.tell()];
    const told = fleet.receivers.taken.map(
      ({ body }) => JSON.parse(body) as { events: { message: string }[]; waiting: number },
    );
    expect([looks, told.map(({ events, waiting }) => [events.length, events[0]!.message, waiting])]).toEqual([
      [1_000, undefined, undefined],
      [
        [50, 'line 1', 10],
        [10, 'line 51', 0],
      ],
    ]);
  });

  it('AT-09: is called when a rollout halts, and when nothing takes it back by itself', async () => {
    const fleet = await openFleet({ when: ['rollout.halt', 'rollback.decline'] });
    const rollout = await haltedOf(fleet);
    await answerFailure({ record: new RollbackStore(fleet.store), ids: createIds() }, rollout);
    await fleet.tell();
    const { events } = JSON.parse(fleet.receivers.taken[0]!.body) as {
      events: Record<'action' | 'message' | 'command', string>[];
    };
    expect(events).toMatchObject([
      {
        action: 'rollout.halt',
        message: expect.stringMatching(/go on with: flotilla rollout retry checkout\.dev/),
        command: 'flotilla explain application checkout -p default',
      },
      {
        action: 'rollback.decline',
        message: expect.stringMatching(/in dev stays halted, and is not taken back by itself: /),
        command: 'flotilla explain application checkout -p default',
      },
    ]);
  });

  it('hears once that a target drifts, and not with each report', async () => {
    const fleet = await openFleet();
    const drift = [{ object: 'Deployment shop/web', field: '.spec.replicas', manager: 'kubectl', corrected: true }];
    for (const [number, drifted] of [[], drift, drift, [], drift].entries()) {
      const items = [statusOf(fleet.entry, { drift: drifted })];
      await fleet.statuses.store([reportOf(fleet.cluster, number + 1, items)], systemClock.now());
    }
    await fleet.tell();
    const told = JSON.parse(fleet.receivers.taken[0]!.body) as {
      events: { action: string; subject: string; command: string }[];
    };
    expect(told.events.map(({ action, subject, command }) => [action, subject, command])).toEqual(
      [1, 2].map(() => [
        'drift.find',
        'Target default/checkout.dev.c1',
        'flotilla explain target checkout.dev.c1 -p default',
      ]),
    );
  });
});

describe('what a receiver did not take', () => {
  it('is sent the very same again, and what came meanwhile for itself', async () => {
    const fleet = await openFleet();
    await fleet.freeze('year-end');
    fleet.receivers.fault = new Fault({ code: 'unavailable', reason: 'NotifyUnavailable', message: 'not now' });
    const fault = toFault(await fleet.tell().catch((error: unknown) => error));
    fleet.receivers.fault = undefined;
    await fleet.freeze('second');
    const looks = [await fleet.tell(), await fleet.tell()];
    const ids = fleet.receivers.taken.map(({ headers }) => headers['flotilla-delivery']);
    const [first, again, next] = fleet.receivers.taken.map(
      ({ body }) => JSON.parse(body) as { events: readonly unknown[]; delivery: string },
    );
    expect([fault.reason, looks, ids, again!.events, await fleet.waiting()]).toEqual([
      'NotifyUnavailable',
      [1_000, undefined],
      [first!.delivery, first!.delivery, next!.delivery],
      first!.events,
      0,
    ]);
    expect(next!.delivery).not.toBe(first!.delivery);
  });

  it('stays for a person, who is told which credential is missing', async () => {
    const fleet = await openFleet({ to: { slack: { address: 'hook' } } });
    await fleet.freeze('year-end');
    const fault = toFault(await fleet.tell().catch((error: unknown) => error));
    expect([fault.message, fault.consequence.kind, await fleet.waiting()]).toEqual([
      'notifier on-call has no credential hook of the kind address in project default; set it with: flotilla credential set hook --kind address',
      'stall',
      1,
    ]);
  });

  it('goes with the notifier', async () => {
    const fleet = await openFleet();
    await fleet.freeze('year-end');
    await deleteDocument(fleet.documents, { key: { project, kind: 'Notifier', name: 'on-call' }, by, dryRun: false });
    expect([await fleet.tell(), await fleet.waiting(), fleet.receivers.taken]).toEqual([undefined, 0, []]);
  });
});
