import { describe, expect, it } from 'vitest';
import { VirtualClock } from '@flotilla/foundation/testing';
import { anyWord, sample, type Metric } from './metric.ts';
import { metricList } from './metric-list.ts';
import { Registry } from './registry.ts';

const fruit = {
  name: 'fruit_total',
  type: 'counter',
  help: 'Fruit that fell',
  labels: { kind: ['apple', 'pear'] },
} as const;
const weight = {
  name: 'weight_grams',
  type: 'histogram',
  help: 'What it weighs',
  labels: {},
  buckets: [1, 10],
} as const;
const guests = { name: 'guests', type: 'gauge', help: 'Who is here', labels: { name: anyWord } } as const;

function valuesOf(text: string, metric: Metric): string[] {
  return text.split('\n').filter((line) => line.startsWith(metric.name));
}

describe('what a process measures', () => {
  it('is told in the text format of Prometheus, from the start where its words are known', async () => {
    const registry = new Registry();
    registry.family(fruit).add({ kind: 'pear' }, 2);
    for (const grams of [0.5, 1, 4, 50]) registry.family(weight).record({}, grams);
    expect(await registry.text()).toBe(`# HELP fruit_total Fruit that fell
# TYPE fruit_total counter
fruit_total{kind="apple"} 0
fruit_total{kind="pear"} 2

# HELP weight_grams What it weighs
# TYPE weight_grams histogram
weight_grams_bucket{le="1"} 2
weight_grams_bucket{le="10"} 3
weight_grams_bucket{le="+Inf"} 4
weight_grams_sum 55.5
weight_grams_count 4
`);
  });

  it('cannot break out of its line, whatever word a stranger chose', async () => {
    const registry = new Registry();
    registry.family(guests).set({ name: 'a"b\\c\nd' }, 1);
    expect(valuesOf(await registry.text(), guests)).toEqual([String.raw`guests{name="a\"b\\c\nd"} 1`]);
  });

  it('has a bound: what comes beyond it is added up', async () => {
    const registry = new Registry();
    const counted: Metric = { ...fruit, labels: { kind: anyWord } };
    for (let index = 0; index < 600; index++) registry.family(counted).add({ kind: `kind-${index}` }, 1);
    const lines = valuesOf(await registry.text(), counted);
    expect([lines.length, lines.at(-1)]).toEqual([501, 'fruit_total{kind="other"} 100']);
  });
});

describe('what is asked for when somebody scrapes', () => {
  it('is there as it is now, and gone once nobody reads it', async () => {
    const registry = new Registry();
    let names = ['ann', 'bob'];
    const reading = registry.read([guests], () => names.map((name) => sample(guests, 1, { name })));
    const before = valuesOf(await registry.text(), guests);
    names = ['bob'];
    const after = valuesOf(await registry.text(), guests);
    await reading.stop();
    expect({ before, after, gone: valuesOf(await registry.text(), guests) }).toEqual({
      before: ['guests{name="ann"} 1', 'guests{name="bob"} 1'],
      after: ['guests{name="bob"} 1'],
      gone: [],
    });
  });

  it('is missing when it cannot be said, which is counted, and does not hide the rest', async () => {
    const registry = new Registry();
    registry.read([guests], async () => Promise.reject(new Error('the database is away')));
    registry.family(fruit).add({ kind: 'pear' }, 1);
    const text = await registry.text();
    expect([guests, metricList.readingFaults, fruit].map((metric) => valuesOf(text, metric))).toEqual([
      [],
      ['flotilla_reading_faults_total{metric="guests"} 1'],
      ['fruit_total{kind="apple"} 0', 'fruit_total{kind="pear"} 1'],
    ]);
  });

  it('is not waited for too long, and not asked for twice at once', async () => {
    const clock = new VirtualClock();
    const registry = new Registry(clock);
    let asked = 0;
    let tell = () => undefined as void;
    registry.read([guests], () => {
      asked++;
      return new Promise((resolve) => (tell = () => resolve([sample(guests, 1, { name: 'late' })])));
    });
    const scrapes = [registry.text(), registry.text()];
    await clock.advance(2_000);
    const [first, second] = await Promise.all(scrapes);
    tell();
    expect([asked, valuesOf(first!, guests), valuesOf(second!, guests)]).toEqual([1, [], []]);
  });
});

describe('the list of all metrics', () => {
  const metrics: readonly Metric[] = Object.values(metricList);

  it('has one name for one thing, in the form that Prometheus asks for', () => {
    const names = metrics.map(({ name }) => name);
    const odd = metrics.filter(({ name, type }) => (type === 'counter') !== name.endsWith('_total'));
    const foreign = names.filter((name) => !/^(flotilla|process|nodejs)_[a-z_]+[a-z]$/.test(name));
    expect({ twice: names.length - new Set(names).size, odd, foreign }).toEqual({ twice: 0, odd: [], foreign: [] });
  });

  it('says of each what it is', () => {
    expect(metrics.filter(({ help }) => !/^[A-Z0-9].{8,}[^.]$/.test(help))).toEqual([]);
  });
});
