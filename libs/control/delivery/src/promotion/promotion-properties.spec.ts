import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import { after, PromotionWalk } from '../testing/promotion-walk.ts';

const soakMinutes = 5;
const environments = ['dev', 'staging', 'production'] as const;
const people = ['ann', 'bob', 'eve'] as const;

/** One thing that may happen to a pipeline at any time. */
const anyEvent = record({
  // What brings releases on comes more often, or few would ever get far.
  what: constantFrom(
    ...(['commit', 'finish', 'finish', 'finish', 'pass', 'pass', 'approve', 'approve', 'order'] as const),
    ...(['degrade', 'recover', 'back'] as const),
  ),
  environment: constantFrom(...environments),
  who: constantFrom(...people),
  number: integer({ min: 0, max: 12 }),
});
type Happening = typeof anyEvent extends { generate: (...args: never[]) => { value: infer Value } } ? Value : never;

/** A release that entered a later stage, with how the world was when it did. */
interface Entry {
  readonly environment: string;
  readonly revision: string;
  readonly minutes: number;
}

/**
 * What a pipeline did, beside a plain account of what happened to it that is kept without its rules: which inputs each
 * environment ran and was well with, from when to when.
 */
class Witness {
  readonly pipeline = new PromotionWalk([
    { environment: 'dev' },
    { environment: 'staging', following: after(['dev'], { gates: [{ soak: `${soakMinutes}m` }] }) },
    {
      environment: 'production',
      following: after(['staging'], {
        promote: 'manual',
        gates: [{ approval: { users: [...people], count: 1 } }],
      }),
    },
  ]);
  readonly entries: Entry[] = [];
  /** What happened and must not. */
  readonly wrong: string[] = [];
  readonly commits: { revision: string; author: string; inputs: Record<string, string> }[] = [];
  readonly approvals: { who: string; inputs: string; until: number }[] = [];
  readonly steps = new Set<string>();
  /** What an environment ran well, in which span of minutes. */
  readonly well: { environment: string; inputs: string; from: number; until?: number; cut?: boolean }[] = [];
  minutes = 0;

  happen({ what, environment, who, number }: Happening): void {
    const { pipeline } = this;
    const before = new Map(
      environments.map((each) => [each, pipeline.past.length > 0 ? pipeline.runs(each) : undefined]),
    );
    const count = pipeline.past.length;
    if (what === 'commit') this.#commit(environment, who, number);
    if (what === 'pass') {
      this.minutes += number;
      pipeline.pass(number);
    }
    if (what === 'finish') this.#finish(environment);
    if (what === 'degrade') this.#degrade(environment);
    if (what === 'recover') this.#recover(environment);
    if (what === 'approve') this.#approve(who, number);
    if (what === 'order') this.#order(environment, who, number);
    if (what === 'back') this.#back(environment, number);
    const entered = pipeline.past.slice(0, pipeline.past.length - count);
    for (const rollout of entered.toReversed()) {
      const { revision } = pipeline.releases.find(({ uid }) => uid === rollout.release)!;
      if (before.get(rollout.environment as 'dev') !== undefined) this.#end(rollout.environment);
      if (rollout.cause === 'promotion')
        this.#judge({ environment: rollout.environment, revision, minutes: this.minutes });
    }
  }

  #commit(environment: string, author: string, number: number): void {
    const revision = `c${this.commits.length + 1}`;
    const inputs = { ...this.commits.at(-1)?.inputs };
    const changed = number % 3 === 0 ? [environment] : environments;
    for (const each of changed) inputs[each] = `t${number}`;
    for (const each of environments) inputs[each] ??= 't0';
    this.commits.push({ revision, author, inputs });
    this.pipeline.authors = { ...this.pipeline.authors, [revision]: { name: author } };
    this.pipeline.commit(revision, inputs);
  }

  #finish(environment: string): void {
    const latest = this.pipeline.past.find((rollout) => rollout.environment === environment);
    if (latest?.state === 'Running') this.#begin(environment);
    this.pipeline.finish(environment);
  }

  #begin(environment: string): void {
    const revision = this.pipeline.runs(environment);
    const inputs = this.commits.find((commit) => commit.revision === revision)!.inputs[environment]!;
    this.well.push({ environment, inputs, from: this.minutes });
  }

  #degrade(environment: string): void {
    this.#end(environment);
    this.pipeline.degrade(environment);
  }

  #recover(environment: string): void {
    const latest = this.pipeline.past.find((rollout) => rollout.environment === environment);
    if (latest?.state === 'Finished' && latest.wellSince === undefined) this.#begin(environment);
    this.pipeline.recover(environment);
  }

  #end(environment: string): void {
    const open = this.well.findLast((span) => span.environment === environment && span.until === undefined);
    if (open) open.until = this.minutes;
  }

  #approve(who: string, number: number): void {
    const commit = this.commits[number % Math.max(1, this.commits.length)];
    if (!commit) return;
    const minutes = 10 + number;
    this.approvals.push({ who, inputs: commit.inputs['production']!, until: this.minutes + minutes });
    this.pipeline.approve('production', who, { revision: commit.revision, minutes });
  }

  #order(environment: string, who: string, number: number): void {
    const known = this.pipeline.releases[number % Math.max(1, this.pipeline.releases.length)];
    if (known && environment !== 'dev') this.pipeline.order(environment, known.revision, who);
  }

  #back(environment: string, number: number): void {
    const ran = this.pipeline.past.filter((rollout) => rollout.environment === environment);
    const to = ran[1 + (number % Math.max(1, ran.length - 1))];
    if (!to || environment === 'dev') return;
    this.steps.add(`${environment}/${this.entries.length}`);
    this.#end(environment);
    this.pipeline.takeBack(environment, to.release);
    this.#begin(environment);
  }

  /** The rules, as plainly as they can be said, without anything that decided. */
  #judge(entry: Entry): void {
    this.entries.push(entry);
    const { environment, revision } = entry;
    const before = environment === 'staging' ? 'dev' : 'staging';
    const commit = this.commits.find((each) => each.revision === revision)!;
    const spans = this.well.filter((span) => span.environment === before && span.inputs === commit.inputs[before]);
    if (spans.length === 0) this.wrong.push(`${revision} entered ${environment} and never finished in ${before}`);
    const longest = Math.max(...spans.map(({ from, until = this.minutes }) => until - from));
    if (environment === 'staging' && longest < soakMinutes) this.wrong.push(`${revision} soaked for ${longest}`);
    const counts = this.approvals.some(
      ({ who, inputs, until }) =>
        inputs === commit.inputs['production'] && until > this.minutes && !this.#writers(revision).includes(who),
    );
    if (environment === 'production' && !counts) this.wrong.push(`${revision} entered without an approval that counts`);
  }

  /** Who wrote what a commit brings production: its author, and those of the commits before it that brought the same. */
  #writers(revision: string): string[] {
    const back = this.commits.slice(0, this.commits.findIndex((each) => each.revision === revision) + 1).toReversed();
    const other = back.findIndex(({ inputs }) => inputs['production'] !== back[0]!.inputs['production']);
    return back.slice(0, other === -1 ? back.length : other).map(({ author }) => author);
  }

  /** What entered after something newer, although nobody had taken the environment back. */
  overtaken(): string[] {
    const { past, releases } = this.pipeline;
    const age = (uid: string) => releases.findIndex((release) => release.uid === uid);
    return past.flatMap(({ environment, release, cause }, place) => {
      const before = past.slice(place + 1).find((rollout) => rollout.environment === environment);
      const isOlder = before !== undefined && age(release) >= age(before.release);
      return cause === 'promotion' && isOlder ? [`${release} entered ${environment} after ${before.release}`] : [];
    });
  }
}

it('whatever happens, nothing enters a later stage before its time, unseen, or after something newer', () => {
  const entered = { staging: 0, production: 0 };
  assert(
    property(array(anyEvent, { minLength: 40, maxLength: 100, size: 'max' }), (events) => {
      const witness = new Witness();
      for (const event of events) witness.happen(event);
      expect([...witness.wrong, ...witness.overtaken()]).toEqual([]);
      for (const { environment } of witness.entries) entered[environment as keyof typeof entered]++;
    }),
    { numRuns: 200, seed: 20_260_101 },
  );
  expect([entered.staging > 100, entered.production > 20]).toEqual([true, true]);
}, 30_000);

it('what is planned again without news is planned the same', () => {
  assert(
    property(array(anyEvent, { maxLength: 40 }), (events) => {
      const witness = new Witness();
      for (const event of events) witness.happen(event);
      const { last } = witness.pipeline.plan();
      const again = witness.pipeline.plan().last;
      expect([again?.rollouts, again?.promotion?.standings]).toEqual([[], last?.promotion?.standings]);
    }),
    { numRuns: 100, seed: 20_260_102 },
  );
});
