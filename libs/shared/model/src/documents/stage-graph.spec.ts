import { describe, expect, it } from 'vitest';
import { pipelineSchema } from './pipeline.ts';
import { stageProblems, stagesBehind, trackBehind } from './stage-graph.ts';
import { recordPath, type Stage } from './stage.ts';

const track = (branch = 'main') => ({ repository: 'shop', branch });
const tracking = (environment: string, branch?: string): Stage => ({ environment, track: track(branch) });
const following = (environment: string, ...after: string[]): Stage => ({ environment, after });

const problems = (...stages: readonly Stage[]) =>
  stageProblems(stages).map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('stages that come after one another', () => {
  it.each([
    ['one after another', [tracking('dev'), following('staging', 'dev'), following('production', 'staging')]],
    ['written in any order', [following('production', 'staging'), following('staging', 'dev'), tracking('dev')]],
    [
      'two after one, and one after both',
      [tracking('dev'), following('eu', 'dev'), following('us', 'dev'), following('all', 'eu', 'us')],
    ],
    ['after two that track the same', [tracking('dev'), tracking('test'), following('production', 'dev', 'test')]],
    [
      'beside one that tracks something else',
      [tracking('dev'), following('staging', 'dev'), tracking('legacy', 'old')],
    ],
  ])('may be %s', (_, stages) => {
    expect(problems(...stages)).toEqual([]);
  });

  it('must lead to Git, and not in a circle', () => {
    const circle = [following('a', 'c'), following('b', 'a'), following('c', 'b'), following('d', 'a')];
    expect(problems(tracking('dev'), ...circle)).toEqual(
      ['a', 'b', 'c'].map(
        (name, place) => `${place + 1}.after: ${name} comes after itself; no release could ever enter`,
      ),
    );
  });

  it('must be such that one release can pass all of them', () => {
    const stages = [tracking('dev'), tracking('legacy', 'old'), following('a', 'dev'), following('b', 'a', 'legacy')];
    expect(problems(...stages)).toEqual([
      '3.after: comes after stages that track old of shop and main of shop; no release could pass all of them',
    ]);
  });

  it('either track or come after others', () => {
    const both: Stage = { ...tracking('b'), after: ['dev'] };
    const gated: Stage = { ...tracking('c'), promote: 'auto', gates: [{ soak: '1h' }] };
    expect(problems(tracking('dev'), { environment: 'a' }, both, gated)).toEqual([
      '1: must say what it tracks in Git, or after which environments it comes',
      '2.after: a stage that tracks Git follows no other; keep one of the two',
      '3.promote: is for a stage that comes after another',
      '3.gates: is for a stage that comes after another',
    ]);
  });

  it('write down what enters where they pin, and nowhere else', () => {
    const record = { repository: 'releases', branch: 'main' };
    const stages: Stage[] = [
      { ...following('a', 'dev'), mode: 'pin', record },
      { ...following('b', 'dev'), mode: 'pin' },
      { ...following('c', 'dev'), record },
      { ...following('d', 'dev'), mode: 'direct' },
      { ...tracking('e'), mode: 'pin', record },
    ];
    const looping: Stage = { ...following('f', 'dev'), mode: 'pin', record: track() };
    expect(problems(tracking('dev'), ...stages)).toEqual([
      '2.mode: pin needs `record`: the repository and branch to write to',
      '3.record: is for a stage with `mode: pin`',
      '5.mode: is for a stage that comes after another',
      '5.record: is for a stage that comes after another',
    ]);
    expect(problems(tracking('dev'), looping)).toEqual([
      '1.record.branch: is what this pipeline tracks; a record is written to another branch or repository',
    ]);
  });

  it.each([
    [{}, '.flotilla/releases/default/checkout/production.yaml'],
    [{ folder: 'env/records' }, 'env/records/default/checkout/production.yaml'],
    [{ folder: '.' }, 'default/checkout/production.yaml'],
  ])('write it to a file for each application: %j', (folder, path) => {
    const place = { project: 'default', application: 'checkout', environment: 'production' };
    expect(recordPath({ repository: 'releases', branch: 'main', ...folder }, place)).toBe(path);
  });
});

it('what is behind a stage is known, nearest first, and what it tracks in the end', () => {
  const stages = [tracking('dev'), following('eu', 'dev'), following('us', 'dev'), following('all', 'eu', 'us')];
  expect([stagesBehind(stages, 'all'), stagesBehind(stages, 'dev')]).toEqual([['eu', 'us', 'dev'], []]);
  expect([trackBehind(stages, 'all'), trackBehind(stages, 'dev')]).toEqual([track(), track()]);
});

it('a pipeline has so many stages that their graph is looked through at once, and is refused before that where it has more', () => {
  const stages = Array.from({ length: 2_000 }, (_, place) =>
    place === 0 ? tracking('e0') : following(`e${place}`, `e${place - 1}`),
  );
  const read = (count: number) => pipelineSchema.shape.spec.safeParse({ stages: stages.slice(0, count) });
  const messages = (count: number) => read(count).error?.issues.map(({ message }) => message);
  expect([messages(100), messages(2_000)]).toEqual([undefined, ['must have 100 stages at most']]);
});
