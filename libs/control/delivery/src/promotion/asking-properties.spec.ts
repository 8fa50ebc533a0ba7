import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import { after, PromotionWalk } from '../testing/promotion-walk.ts';
import type { QuestionState, WebAnswer } from './web-answers.ts';

const gates = [{ web: { url: 'https://ci.example.org/', secret: 'ci', expires: '10m' } }];
const minuteMs = 60_000;

/** One thing that may happen to a pipeline at any time. */
const anyEvent = record({
  what: constantFrom('commit', 'finish', 'finish', 'plan', 'answer', 'answer', 'answer', 'pass', 'hold', 'unhold'),
  state: constantFrom<QuestionState>('Waiting', 'Failing', 'Allowed', 'Denied', 'Overridden'),
  number: integer({ min: 0, max: 12 }),
});
type Happening = typeof anyEvent extends { generate: (...args: never[]) => { value: infer Value } } ? Value : never;

/** Staging after dev, once somebody outside lets it in and nobody holds it; what they said is kept beside the plan. */
class Asked {
  readonly pipeline = new PromotionWalk([
    { environment: 'dev' },
    { environment: 'staging', following: after(['dev'], { gates }) },
  ]);
  readonly wrong: string[] = [];
  entered = 0;
  #commits = 0;
  #seen = 0;

  happen({ what, state, number }: Happening): void {
    const { pipeline } = this;
    if (what === 'commit') pipeline.commit(`c${++this.#commits}`, { dev: `t${number}`, staging: `t${number % 5}` });
    if (what === 'finish') pipeline.finish(number % 2 === 0 ? 'dev' : 'staging');
    if (what === 'plan') pipeline.plan();
    if (what === 'answer') this.#answer(state, number);
    if (what === 'pass') pipeline.pass(number);
    if (what === 'hold') this.#hold(number);
    if (what === 'unhold') pipeline.holds = [];
    this.#judge();
    this.#keepQuestions();
  }

  /** Whoever is asked says this of one of the questions that a plan wrote. */
  #answer(state: QuestionState, number: number): void {
    const { pipeline } = this;
    const of = pipeline.answers[number % Math.max(1, pipeline.answers.length)];
    if (!of) return;
    const lasting = state === 'Allowed' || state === 'Overridden';
    const expiresAt = new Date(pipeline.now.getTime() + 10 * minuteMs);
    const { uid, environment, digest, gate } = of;
    const answer: WebAnswer = {
      uid,
      environment,
      digest,
      gate,
      state,
      since: pipeline.now,
      ...(lasting && { expiresAt }),
    };
    pipeline.answers = pipeline.answers.map((each) => (each === of ? answer : each));
    pipeline.plan();
  }

  #hold(number: number): void {
    const { pipeline } = this;
    const release = number % 3 === 0 ? undefined : pipeline.releases[number % Math.max(1, pipeline.releases.length)];
    const digest = release?.digests['staging'];
    const environment = number % 2 === 0 ? 'staging' : 'dev';
    const whole = { uid: `h${number}`, environment, who: 'ann', reason: 'so', at: pipeline.now };
    const until = { expiresAt: new Date(pipeline.now.getTime() + number * minuteMs) };
    const held = environment === 'staging' && digest ? { digest } : {};
    pipeline.holds = [{ ...whole, ...held, ...(number > 6 && until) }];
  }

  /** Of the last plan, before what it wrote is there: what entered had their word, and nobody held it. */
  #judge(): void {
    const { pipeline } = this;
    for (const { environment, release, cause } of pipeline.past.slice(0, pipeline.past.length - this.#seen)) {
      if (cause !== 'promotion') continue;
      this.entered++;
      const { digests, revision } = pipeline.releases.find(({ uid }) => uid === release)!;
      const word = pipeline.answers.find(({ digest }) => digest === digests[environment]);
      const counts = word?.expiresAt !== undefined && word.expiresAt > pipeline.now;
      if (!counts) this.wrong.push(`${revision} entered by the word ${word?.state}`);
      const holding = pipeline.holds.filter(({ digest, expiresAt }) => {
        return (digest === undefined || digest === digests['staging']) && (!expiresAt || expiresAt > pipeline.now);
      });
      if (holding.length > 0) this.wrong.push(`${revision} entered and was held`);
    }
    this.#seen = pipeline.past.length;
  }

  /** As a store does it: what is idle goes, what is asked anew takes the place of what was said. */
  #keepQuestions(): void {
    const { questions = [], idle = [] } = this.pipeline.last?.promotion ?? {};
    const left = this.pipeline.answers.filter(
      (answer) => !idle.includes(answer.uid) && !questions.some(({ digest }) => digest === answer.digest),
    );
    const asking = { state: 'Asking' as const, since: this.pipeline.now };
    const fresh = questions.map(({ uid, environment, digest, gate }) => ({
      uid,
      environment,
      digest,
      gate,
      ...asking,
    }));
    this.pipeline.answers = [...left, ...fresh];
  }
}

it('whatever happens, nothing enters without a word that counts for exactly it, nor past a hold', () => {
  let entered = 0;
  assert(
    property(array(anyEvent, { minLength: 40, maxLength: 80, size: 'max' }), (events) => {
      const asked = new Asked();
      for (const event of events) asked.happen(event);
      expect(asked.wrong).toEqual([]);
      const digests = asked.pipeline.answers.map(({ digest }) => digest);
      expect(new Set(digests).size).toBe(digests.length);
      entered += asked.entered;
    }),
    { numRuns: 100, seed: 20_260_103 },
  );
  expect(entered > 50).toBe(true);
}, 30_000);
