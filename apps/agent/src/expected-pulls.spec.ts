import { expect, it } from 'vitest';
import { ExpectedPulls } from './expected-pulls.ts';

function world(fails = false) {
  const pulls = new ExpectedPulls();
  const pulled: (readonly string[])[] = [];
  const ends: (() => void)[] = [];
  const pull = (paths: readonly string[]) => {
    pulled.push(paths);
    return new Promise<void>((resolve, reject) => ends.push(() => (fails ? reject(new Error('refused')) : resolve())));
  };
  const bring = (...paths: string[]) => pulls.bring('c1', paths, pull);
  const answerAll = () => ends.splice(0).forEach((end) => end());
  return { pulls, pulled, bring, answerAll };
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);

it('brings what is expected at the same place along with the first that is read, and pulls it once', async () => {
  const { pulls, pulled, bring, answerAll } = world();
  pulls.expect('c1', ['a', 'shared']);
  pulls.expect('c1', ['b', 'shared']);
  pulls.expect('c2', ['x']);
  const reading = [bring('a', 'shared'), bring('b', 'shared')];
  answerAll();
  await Promise.all(reading);
  await bring('b', 'shared');
  expect(pulled).toEqual([['a', 'shared', 'b']]);
});

it('brings no more along than there is room for, and the next ones only when those have come', async () => {
  const { pulls, pulled, bring, answerAll } = world();
  pulls.expect('c1', names(100));
  const reading = [bring('p0'), bring('p99'), bring('p64'), bring('p98')];
  await Promise.resolve();
  const first = [...pulled];
  answerAll();
  await Promise.all([reading[0], reading[2]]);
  await Promise.resolve();
  answerAll();
  await Promise.all(reading);
  expect([first, pulled]).toEqual([[names(65)], [names(65), ['p99', ...names(99).slice(65)]]]);
});

it('takes nobody for come who only shares a path with those that came', async () => {
  const { pulls, pulled, bring, answerAll } = world();
  for (const name of names(100)) pulls.expect('c1', [name, 'shared']);
  const reading = [bring('p0', 'shared'), bring('p99', 'shared')];
  answerAll();
  await reading[0];
  await Promise.resolve();
  answerAll();
  await reading[1];
  expect(pulled.map((paths) => [paths[0], paths.length])).toEqual([
    ['p0', 66],
    ['p99', 36],
  ]);
});

it('lets a path through that nobody expects, whatever comes', async () => {
  const { pulls, pulled, bring, answerAll } = world();
  pulls.expect('c1', names(3));
  const reading = bring('p0');
  await bring('other');
  answerAll();
  await reading;
  expect(pulled).toEqual([names(3)]);
});

it('leaves a path alone that nobody else is expected with', async () => {
  const { pulls, pulled, bring } = world();
  await bring('a');
  pulls.expect('c1', ['a']);
  await bring('a');
  expect(pulled).toEqual([]);
});

it('gives up company where one pull failed, and says nothing of it', async () => {
  const { pulls, pulled, bring, answerAll } = world(true);
  pulls.expect('c1', names(100));
  const reading = [bring('p0'), bring('p1')];
  answerAll();
  await Promise.all(reading);
  await bring('p70');
  expect(pulled).toEqual([names(65)]);
});

it('forgets what was expected longest ago, when that is never read', async () => {
  const { pulls, pulled, bring } = world();
  pulls.expect('c1', ['a', 'b']);
  for (const name of names(64)) pulls.expect(`other ${name}`, [name]);
  await bring('a');
  expect(pulled).toEqual([]);
});
