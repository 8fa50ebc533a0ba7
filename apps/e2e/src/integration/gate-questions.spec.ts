import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askGate, type Credential, type GateKeepers, type Post } from '@flotilla/control-sources';
import { CredentialStore, deliveryRetention, GateQuestionStore, PromotionStore } from '@flotilla/control-store';
import { Redacted, systemRandom } from '@flotilla/foundation';
import { systemActor } from '@flotilla/model';
import { sweep } from '../support/retention-rows.ts';
import { openPlane } from '../support/store-plane.ts';
import { storeOfSpec } from '../support/store-of-spec.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });
const by = systemActor('test');
const signal = AbortSignal.timeout(60_000);
const secret: Credential = { kind: 'webhook', secret: new Redacted('a secret of thirty characters.') };
const place = { project: 'default', application: 'checkout', environment: 'production' };

/** Somebody outside, who says what a test wants of the inputs that they are asked about. */
class Keepers implements GateKeepers {
  readonly asked: string[] = [];
  says: object | Error = { answer: 'allow' };

  async ask({ headers, body }: Post): Promise<string> {
    this.asked.push(headers['idempotency-key']!);
    if (this.says instanceof Error) throw this.says;
    const { digest } = JSON.parse(body) as { digest: string };
    return JSON.stringify({ digest, ...this.says });
  }
}

/** `checkout` has finished in `dev`, and somebody outside is to let it into `production`. */
async function openAsking() {
  const web = '{web: {url: "https://ci.example.org/gate", secret: ci}}';
  const plane = await openPlane(
    fixture,
    ['checkout'],
    ['dev', 'production'],
    [
      '{environment: dev, track: {repository: shop, branch: main}}',
      `{environment: production, after: [dev], promote: auto, gates: [${web}]}`,
    ],
  );
  plane.commit({ 'services/checkout/dev/a.yaml': 'a: 1', 'services/checkout/production/a.yaml': 'a: 1' });
  await plane.look();
  await plane.plan('checkout');
  await plane.store.query(`UPDATE rollout SET state = 'Finished', finished_at = now()`);
  await plane.plan('checkout');
  const { store } = plane;
  const questions = new GateQuestionStore(store);
  const keepers = new Keepers();
  const ports = { questions, keepers, credentials: { get: async () => secret }, random: systemRandom };
  const uids = async () => (await store.query<{ uid: string }>('SELECT uid FROM gate_question')).map(({ uid }) => uid);
  const [uid = ''] = await uids();
  const ask = () => askGate(ports, uid, signal);
  const enters = async () => (await plane.plan('checkout'))!.rollouts.map(({ environment }) => environment);
  const marks = async (kind: string) => {
    const rows = await store.query<{ key: string }>('DELETE FROM work WHERE kind = $1 RETURNING key', [kind]);
    return rows.map(({ key }) => key);
  };
  const lines = async () => {
    const rows = await store.query<{ action: string }>(
      `SELECT action FROM ledger WHERE action LIKE 'gate.%' AND message NOT LIKE '%passed health%' ORDER BY id`,
    );
    return rows.map(({ action }) => action);
  };
  const due = () => store.query(`UPDATE gate_question SET next_try = now()`);
  return { ...plane, questions, keepers, uid, uids, ask, enters, marks, lines, due };
}

describe('a question', () => {
  it('is written by a plan and asked once; the answer has the application planned, and is forgotten when it entered', async () => {
    const plane = await openAsking();
    const marked = await plane.marks('gate');
    const before = await plane.enters();
    await plane.marks('plan');
    const again = [await plane.ask(), await plane.ask()];
    const planned = await plane.marks('plan');
    const after = await plane.enters();
    await plane.plan('checkout');
    expect({ marked, before, again, asked: plane.keepers.asked, planned, after, left: await plane.uids() }).toEqual({
      marked: [plane.uid],
      before: [],
      again: [undefined, undefined],
      asked: [`${plane.uid}-0`],
      planned: [plane.uidOf('Application', 'checkout')],
      after: ['production'],
      left: [],
    });
    expect(await plane.lines()).toEqual(['gate.pass']);
  });

  it('that was sent and whose answer was lost is sent again under the same key, and under another one afterwards', async () => {
    const plane = await openAsking();
    plane.keepers.says = { answer: 'wait' };
    const lost = await plane.questions.find(plane.uid);
    await plane.ask();
    await plane.due();
    await plane.ask();
    expect([lost!.tries, plane.keepers.asked]).toEqual([0, [`${plane.uid}-0`, `${plane.uid}-1`]]);
  });

  it('is answered by its last try alone: what comes late from one before changes nothing', async () => {
    const plane = await openAsking();
    const late = (await plane.questions.find(plane.uid))!;
    plane.keepers.says = { answer: 'wait' };
    await plane.ask();
    await plane.questions.answered(late, { state: 'Allowed' });
    expect(await plane.enters()).toEqual([]);
  });

  it('that is refused says so in the ledger once, and is not asked again', async () => {
    const plane = await openAsking();
    plane.keepers.says = { answer: 'deny', reason: 'tests failed' };
    await plane.ask();
    const [, entered] = [await plane.ask(), await plane.enters()];
    expect([plane.keepers.asked.length, entered, await plane.lines()]).toEqual([1, [], ['gate.deny']]);
  });

  it('that is not answered is told of once, and tried again more slowly', async () => {
    const plane = await openAsking();
    plane.keepers.says = new Error('socket hang up');
    const first = await plane.ask();
    await plane.due();
    const second = await plane.ask();
    const third = await plane.ask();
    expect([first! <= 5_000, second! > 4_999, third! > 1_000, plane.keepers.asked.length]).toEqual([
      true,
      true,
      true,
      2,
    ]);
    expect([await plane.enters(), await plane.lines()]).toEqual([[], ['gate.fail']]);
  });

  it('that nobody could sign is due at once when its credential is set', async () => {
    const plane = await openAsking();
    plane.keepers.says = new Error('no credential');
    await plane.ask();
    await plane.marks('gate');
    const credentials = new CredentialStore(plane.store, new Redacted(Buffer.alloc(32)));
    await credentials.put({ project: 'default', name: 'ci' }, secret, by);
    expect([await plane.marks('gate'), (await plane.questions.find(plane.uid))!.dueInMs]).toEqual([[plane.uid], 0]);
  });

  it('is asked anew when their word counts no more', async () => {
    const plane = await openAsking();
    await plane.ask();
    await plane.store.query(`UPDATE gate_question SET expires_at = now()`);
    await plane.marks('gate');
    const entered = await plane.enters();
    expect([entered, await plane.marks('gate'), (await plane.questions.find(plane.uid))!.tries]).toEqual([
      [],
      [plane.uid],
      2,
    ]);
  });

  it('is about nothing any more when the gate is taken away, and the release enters', async () => {
    const plane = await openAsking();
    await plane.store.query(`UPDATE document SET spec = spec #- '{stages,1,gates}' WHERE kind = 'Pipeline'`);
    expect([await plane.enters(), await plane.uids()]).toEqual([['production'], []]);
  });
});

/** `checkout` enters `dev` in one wave, before which somebody outside is asked; its rollout was looked at. */
async function openWaveAsking(clusters: readonly string[] = ['c1']) {
  const plane = await openPlane(fixture);
  const { store } = plane;
  for (const cluster of clusters) await plane.addCluster(cluster, { dev: 'true' });
  await plane.useStrategy('dev', {
    waves: [{ name: 'first', gates: [{ web: { url: 'https://ci.example.org/', secret: 'ci' } }] }],
  });
  plane.commit({ 'services/checkout/dev/a.yaml': 'a: 1' });
  await plane.look();
  const [{ uid: rollout } = { uid: '' }] = (await plane.plan('checkout'))!.rollouts;
  const look = () => plane.record.settleRollout(rollout);
  await look();
  const asked = async () => store.query<{ uid: string; state: string }>('SELECT uid, state FROM wave_question');
  const uid = (await asked())[0]!.uid;
  const marks = async () => {
    const rows = await store.query<{ mark: string }>(`DELETE FROM work RETURNING kind || ' ' || key AS mark`);
    return rows.map(({ mark }) => mark);
  };
  return { ...plane, rollout, look, asked, uid, marks, questions: new GateQuestionStore(store) };
}

describe('a question before a wave', () => {
  it('is asked when its turn comes, and answered the rollout is looked at, begins, and forgets it', async () => {
    const plane = await openWaveAsking();
    const { uid, rollout, questions } = plane;
    const before = await plane.marks();
    const question = (await questions.find(uid))!;
    await questions.answered(question, { state: 'Allowed' });
    const [after, told] = [await plane.marks(), await plane.asked()];
    await plane.look();
    const [step] = await plane.store.query(`SELECT admitted_at IS NOT NULL AS begun FROM rollout_step`);
    expect([before.includes(`gate ${uid}`), question.wave, after, told, step, await plane.asked()]).toEqual([
      true,
      'first',
      [`rollout ${rollout}`],
      [{ uid, state: 'Allowed' }],
      { begun: true },
      [],
    ]);
  });

  it('is not asked again where those who began the wave have left: what has begun goes on', async () => {
    const plane = await openWaveAsking(['c1', 'c2']);
    await plane.questions.answered((await plane.questions.find(plane.uid))!, { state: 'Allowed' });
    await plane.look();
    const isOf = (name: string) => `WHERE cluster = (SELECT uid FROM cluster WHERE name = '${name}')`;
    // As where one goes after another, and the second has not had its turn.
    await plane.store.query(`UPDATE rollout_step SET admitted_at = NULL ${isOf('c2')}`);
    await plane.store.query(`UPDATE cluster SET labels = '{}' WHERE name = 'c1'`);
    await plane.look();
    const admitted = await plane.store.query(`SELECT FROM rollout_step WHERE admitted_at IS NOT NULL`);
    expect([admitted.length, await plane.asked()]).toEqual([2, []]);
  });

  it('is answered by its last try alone, and tells a no once, by the name of the wave', async () => {
    const { questions, uid, store } = await openWaveAsking();
    const late = (await questions.find(uid))!;
    await questions.answered(late, { state: 'Denied', reason: 'errors rise' });
    await questions.answered(late, { state: 'Allowed' });
    const lines = await store.query<{ message: string }>(`SELECT message FROM ledger WHERE action LIKE 'gate.%'`);
    expect([await questions.find(uid), lines.map(({ message }) => message)]).toEqual([
      undefined,
      [expect.stringMatching(/^checkout \w{8} before wave first of dev: ci.example.org says no: errors rise$/)],
    ]);
  });

  it("is nobody's matter once its rollout is over, and comes again with what is retried", async () => {
    const plane = await openWaveAsking();
    const order = { project: 'default', application: 'checkout', environment: 'dev' };
    await plane.record.steerRollout({ ...order, order: 'abort' }, by);
    const over = await plane.questions.find(plane.uid);
    await plane.marks();
    await plane.record.steerRollout({ ...order, order: 'retry' }, by);
    await plane.look();
    const [{ uid: anew } = { uid: '' }] = await plane.asked();
    expect([over, anew === plane.uid, (await plane.marks()).includes(`gate ${anew}`)]).toEqual([
      undefined,
      false,
      true,
    ]);
  });

  it('is told to nobody when its answer comes after the end of its rollout', async () => {
    const { questions, uid, store, asked } = await openWaveAsking();
    const late = (await questions.find(uid))!;
    await store.query(`UPDATE rollout SET state = 'Superseded'`);
    await questions.answered(late, { state: 'Denied', reason: 'errors rise' });
    const lines = await store.query(`SELECT FROM ledger WHERE action LIKE 'gate.%'`);
    expect([lines, await asked()]).toEqual([[], [{ uid, state: 'Asking' }]]);
  });

  it('that is due is asked again at each look, should whoever was to ask it have lost that', async () => {
    const plane = await openWaveAsking();
    const lost = `gate ${plane.uid}`;
    const remarked = async () => {
      await plane.marks();
      await plane.look();
      return (await plane.marks()).includes(lost);
    };
    const asking = await remarked();
    await plane.questions.answered((await plane.questions.find(plane.uid))!, { state: 'Waiting', againInMs: 60_000 });
    const waiting = await remarked();
    await plane.store.query(`UPDATE wave_question SET next_try = now()`);
    expect([asking, waiting, await remarked()]).toEqual([true, false, true]);
  });

  it('that nobody could sign is due at once when its credential is set', async () => {
    const plane = await openWaveAsking();
    const failing = { state: 'Failing', reason: 'no credential', againInMs: 60_000 } as const;
    await plane.questions.answered((await plane.questions.find(plane.uid))!, failing);
    await plane.marks();
    const credentials = new CredentialStore(plane.store, new Redacted(Buffer.alloc(32)));
    await credentials.put({ project: 'default', name: 'ci' }, secret, by);
    expect([await plane.marks(), (await plane.questions.find(plane.uid))!.dueInMs]).toEqual([[`gate ${plane.uid}`], 0]);
  });

  it('goes when its rollout does', async () => {
    const { store, asked } = await openWaveAsking();
    await sweep(store, deliveryRetention);
    const kept = await asked();
    await store.query('DELETE FROM rollout');
    await sweep(store, deliveryRetention);
    expect([kept.length, await asked()]).toEqual([1, []]);
  });
});

describe('a person', () => {
  it('does without their word, by name and with a reason; a try that is under way changes nothing', async () => {
    const plane = await openAsking();
    const underWay = (await plane.questions.find(plane.uid))!;
    const order = { ...place, reason: 'ci is down' };
    const giver = { kind: 'user' as const, name: 'ann', request: 'r1' };
    const [first, second] = [
      await new PromotionStore(plane.store).override(order, giver),
      await new PromotionStore(plane.store).override(order, giver),
    ];
    await plane.questions.answered(underWay, { state: 'Denied', reason: 'late' });
    const entered = await plane.enters();
    const [line] = await plane.store.query(`SELECT actor, message FROM ledger WHERE action = 'gate.override'`);
    expect([second, entered, line]).toEqual([
      first,
      ['production'],
      {
        actor: 'user:ann',
        message: expect.stringMatching(
          /^checkout \w{8} before production without web ci.example.org\/gate: ci is down$/,
        ),
      },
    ]);
  });
});
