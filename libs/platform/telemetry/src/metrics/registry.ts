import { systemClock, type Clock, type Running } from '@flotilla/foundation';
import { Family } from './family.ts';
import type { LabelSet, LabelValues, Metric, Sample } from './metric.ts';
import { metricList } from './metric-list.ts';

/** Finds values when somebody asks for them: how long a queue is, who is connected. */
export type Reading = () => readonly Sample[] | Promise<readonly Sample[]>;

interface RunningReading {
  readonly metrics: readonly Metric[];
  readonly read: Reading;
  /** The answer that is waited for: whoever asks meanwhile gets the same. */
  underWay: Promise<void> | undefined;
}

/** A scrape goes on without what cannot be said by then: what is slow must not hide what is not. */
const readingMaxMs = 2_000;

/**
 * Everything that a process measures of itself, in a hundred lines where an SDK would take megabytes of every agent.
 * What is written down is a number in memory; whatever has to be asked for is asked when somebody scrapes.
 */
export class Registry {
  readonly #clock: Clock;
  readonly #families = new Map<string, Family>();
  readonly #readings = new Set<RunningReading>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  family(metric: Metric): Family {
    const known = this.#families.get(metric.name);
    if (known) return known;
    const family = new Family(metric);
    this.#families.set(metric.name, family);
    return family;
  }

  /** Reads these metrics whenever somebody scrapes, until it is stopped. */
  read(metrics: readonly Metric[], read: Reading): Running {
    const reading: RunningReading = { metrics, read, underWay: undefined };
    for (const metric of [...metrics, metricList.readingFaults]) this.family(metric);
    this.#readings.add(reading);
    return {
      stop: async () => {
        this.#readings.delete(reading);
        for (const metric of metrics) this.family(metric).clear();
      },
    };
  }

  /** All of it in Prometheus' text format. */
  async text(): Promise<string> {
    await Promise.all([...this.#readings].map((reading) => this.#inTime(reading)));
    const families = [...this.#families.values()].toSorted((left, right) =>
      left.metric.name < right.metric.name ? -1 : 1,
    );
    return families.flatMap((family) => [...family.lines(), '']).join('\n');
  }

  async #inTime(reading: RunningReading): Promise<void> {
    const enough = new AbortController();
    const tooLong = this.#clock.sleep(readingMaxMs, enough.signal);
    // What was said the last time is not true any more, so a value that is not found now is missing.
    for (const metric of reading.metrics) if (!reading.underWay) this.family(metric).clear();
    reading.underWay ??= this.#take(reading).finally(() => (reading.underWay = undefined));
    await Promise.race([reading.underWay, tooLong]);
    enough.abort();
  }

  async #take({ metrics, read }: RunningReading): Promise<void> {
    try {
      for (const { metric, labels, value } of await read()) this.family(metric).set(labels, value);
    } catch {
      for (const { name } of metrics) this.family(metricList.readingFaults).add({ metric: name }, 1);
    }
  }
}

/** Where all modules of this process write down what they measure. */
export const registry = new Registry();

/** Counts things that happen. */
export function counter<const Labels extends LabelSet>(
  metric: Metric<Labels>,
): (labels: LabelValues<Labels>, value?: number) => void {
  const family = registry.family(metric);
  return (labels, value = 1) => family.add(labels, value);
}

/** How long things take, in seconds; how large they are. */
export function histogram<const Labels extends LabelSet>(
  metric: Metric<Labels>,
): (value: number, labels: LabelValues<Labels>) => void {
  const family = registry.family(metric);
  return (value, labels) => family.record(labels, value);
}

/** Something that goes up and down and is known without asking. */
export function gauge<const Labels extends LabelSet>(
  metric: Metric<Labels>,
): { set(value: number, labels: LabelValues<Labels>): void; add(value: number, labels: LabelValues<Labels>): void } {
  const family = registry.family(metric);
  return {
    set: (value, labels) => family.set(labels, value),
    add: (value, labels) => family.add(labels, value),
  };
}
