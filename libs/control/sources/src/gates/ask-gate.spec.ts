import { describe, expect, it } from 'vitest';
import { Fault, Redacted } from '@flotilla/foundation';
import { hmacSha256 } from '@flotilla/foundation/node';
import type { Credential } from '../credentials.port.ts';
import type { Post } from '../notify/notices.port.ts';
import { askGate } from './ask-gate.ts';
import type { GateAnswer, GateKeepers, GateQuestion, GateQuestions } from './gate-questions.port.ts';

const question: GateQuestion = {
  uid: 'q1',
  project: 'default',
  application: 'checkout',
  environment: 'production',
  release: 'r1',
  revision: '1a2b3c4d',
  digest: 'd1',
  url: 'https://ci.example.org/gate',
  secret: 'ci',
  everyMs: 60_000,
  expiresMs: 3_600_000,
  tries: 2,
  failures: 0,
  dueInMs: 0,
};

/** A record of one question, and what became of it. */
class OneQuestion implements GateQuestions {
  readonly answers: GateAnswer[] = [];
  readonly #question: GateQuestion | undefined;

  constructor(found: GateQuestion | undefined) {
    this.#question = found;
  }

  async find(): Promise<GateQuestion | undefined> {
    return this.#question;
  }

  async answered(_: GateQuestion, answer: GateAnswer): Promise<void> {
    this.answers.push(answer);
  }
}

/** Somebody who says this, or fails like this. */
class SayingKeepers implements GateKeepers {
  readonly asked: Post[] = [];
  readonly #says: string | Error;

  constructor(says: unknown) {
    this.#says = says instanceof Error ? says : typeof says === 'string' ? says : JSON.stringify(says);
  }

  async ask(post: Post): Promise<string> {
    this.asked.push(post);
    if (this.#says instanceof Error) throw this.#says;
    return this.#says;
  }
}

const secret = 'a secret of thirty characters.';
const known: Credential = { kind: 'webhook', secret: new Redacted(secret) };
const steady = { next: () => 1 };

async function askedWith(says: unknown, over: Partial<GateQuestion> = {}, credential: Credential | undefined = known) {
  const questions = new OneQuestion({ ...question, ...over });
  const keepers = new SayingKeepers(says);
  const ports = { questions, keepers, credentials: { get: async () => credential }, random: steady };
  const again = await askGate(ports, 'q1', new AbortController().signal);
  return { again, answers: questions.answers, asked: keepers.asked };
}

describe('an answer', () => {
  it.each<[string, object, GateAnswer]>([
    ['lets it in', { answer: 'allow', digest: 'd1' }, { state: 'Allowed' }],
    [
      'refuses it',
      { answer: 'deny', digest: 'd1', reason: 'tests failed' },
      { state: 'Denied', reason: 'tests failed' },
    ],
    ['has it wait', { answer: 'wait', digest: 'd1', more: 1 }, { state: 'Waiting', againInMs: 60_000 }],
    [
      'brings control characters, which nobody is shown',
      { answer: 'deny', digest: 'd1', reason: 'no\u001b[31m\u0000!\ud800' },
      { state: 'Denied', reason: 'no [31m !\ufffd' },
    ],
  ])('%s', async (_, says, expected) => {
    const { again, answers } = await askedWith(says);
    expect([again, answers]).toEqual([expected.againInMs, [expected]]);
  });

  it.each<[string, unknown, RegExp]>([
    ['that is no JSON', '<html>', /not JSON/],
    ['that is another kind of thing', ['allow'], /does not say allow/],
    ['with a word that is none', { answer: 'yes', digest: 'd1' }, /does not say allow/],
    ['without a reason for a no', { answer: 'deny', digest: 'd1' }, /reason/],
    ['with an empty reason for a no', { answer: 'deny', digest: 'd1', reason: ' ' }, /must say why/],
    ['about other inputs', { answer: 'allow', digest: 'd2' }, /other inputs/],
    ['about no inputs', { answer: 'allow' }, /digest/],
    ['that was a failure', new Fault({ code: 'unavailable', reason: 'R', message: 'ci answered 500' }), /answered 500/],
    ['that broke off', new Error('socket hang up'), /./],
  ])('%s lets nobody in, and is asked for again', async (_, says, reason) => {
    const { again, answers } = await askedWith(says);
    expect([again, answers]).toEqual([
      5_000,
      [{ state: 'Failing', reason: expect.stringMatching(reason), againInMs: 5_000 }],
    ]);
  });

  it.each([
    [1, 10_000],
    [4, 80_000],
    [40, 900_000],
  ])('after %i that failed is asked for more slowly', async (failures, againInMs) => {
    expect((await askedWith('<html>', { failures })).again).toBe(againInMs);
  });

  it('is asked for when they say that it may be', async () => {
    const consequence = { kind: 'retry', afterMs: 17_000 } as const;
    const busy = new Fault({ code: 'unavailable', reason: 'R', message: 'answered 503', consequence });
    expect((await askedWith(busy)).again).toBe(17_000);
  });
});

describe('a question', () => {
  it('is signed, says what would enter, and has the same key until its answer is written down', async () => {
    const { asked } = await askedWith({ answer: 'allow', digest: 'd1' });
    const [{ url, headers, body }] = asked as [Post];
    expect([url, headers['idempotency-key'], headers['flotilla-signature'], JSON.parse(body)]).toEqual([
      question.url,
      'q1-2',
      `sha256=${hmacSha256(secret, body)}`,
      {
        question: 'q1-2',
        project: 'default',
        application: 'checkout',
        environment: 'production',
        release: 'r1',
        revision: '1a2b3c4d',
        digest: 'd1',
      },
    ]);
  });

  it('says before which wave it is asked, and names it where it cannot be', async () => {
    const { asked } = await askedWith({ answer: 'allow', digest: 'd1' }, { wave: 'rest' });
    const questions = new OneQuestion({ ...question, wave: 'rest' });
    const ports = {
      questions,
      keepers: new SayingKeepers({}),
      credentials: { get: async () => undefined },
      random: steady,
    };
    await askGate(ports, 'q1', new AbortController().signal);
    expect([JSON.parse(asked[0]!.body), questions.answers[0]?.reason]).toEqual([
      expect.objectContaining({ environment: 'production', wave: 'rest' }),
      expect.stringContaining('wave rest of production'),
    ]);
  });

  it('is not sent before it is due, whoever marks it', async () => {
    expect(await askedWith({}, { dueInMs: 30_000 })).toEqual({ again: 30_000, answers: [], asked: [] });
  });

  it.each([
    ['is missing', undefined],
    ['is for something else', { kind: 'address', address: new Redacted('x') } as const],
  ])('is not sent unsigned when its credential %s', async (_, credential) => {
    const questions = new OneQuestion(question);
    const keepers = new SayingKeepers({ answer: 'allow', digest: 'd1' });
    const ports = { questions, keepers, credentials: { get: async () => credential }, random: steady };
    await askGate(ports, 'q1', new AbortController().signal);
    const reason = expect.stringMatching(/no credential ci .* flotilla credential set ci --kind webhook/);
    expect([keepers.asked, questions.answers]).toEqual([[], [{ state: 'Failing', reason, againInMs: 5_000 }]]);
  });

  it('that we stop in the midst of is no failure of theirs', async () => {
    const questions = new OneQuestion(question);
    const keepers = new SayingKeepers(new Error('aborted'));
    const ports = { questions, keepers, credentials: { get: async () => known }, random: steady };
    await expect(askGate(ports, 'q1', AbortSignal.abort(new Error('stopping')))).rejects.toThrow('stopping');
    expect(questions.answers).toEqual([]);
  });
});
