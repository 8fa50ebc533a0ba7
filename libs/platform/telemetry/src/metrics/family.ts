import { knownLabels, type Metric } from './metric.ts';

interface Series {
  readonly labels: string;
  value: number;
  count: number;
  /** How many fell into each bucket, not added up. */
  readonly buckets: number[];
}

/** More than any metric of ours needs. What is measured for words beyond it is added up under `other`. */
const seriesMax = 500;

/** All that was measured of one metric. */
export class Family {
  readonly metric: Metric;
  readonly #labels: readonly string[];
  readonly #series = new Map<string, Series>();

  constructor(metric: Metric) {
    this.metric = metric;
    this.#labels = Object.keys(metric.labels);
    // What may be counted is there from the start: the first of its kind is an increase then, and is seen as one.
    if (metric.type !== 'gauge') for (const labels of knownLabels(metric)) this.#at(labels);
  }

  add(labels: Readonly<Record<string, string>>, value: number): void {
    this.#at(labels).value += value;
  }

  set(labels: Readonly<Record<string, string>>, value: number): void {
    this.#at(labels).value = value;
  }

  record(labels: Readonly<Record<string, string>>, value: number): void {
    const series = this.#at(labels);
    series.value += value;
    series.count++;
    const index = this.metric.buckets!.findIndex((upperEnd) => value <= upperEnd);
    if (index >= 0) series.buckets[index]!++;
  }

  clear(): void {
    this.#series.clear();
  }

  /** Its part of Prometheus' text: what it is, and every value. */
  lines(): string[] {
    const { name, type, help } = this.metric;
    const head = [`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`, `# TYPE ${name} ${type}`];
    const values = [...this.#series.values()].flatMap((series) =>
      type === 'histogram' ? this.#histogram(series) : [line(name, series.labels, series.value)],
    );
    return [...head, ...values];
  }

  #histogram({ labels, value, count, buckets }: Series): string[] {
    const { name } = this.metric;
    let sum = 0;
    const within = buckets.map((found, index) => {
      sum += found;
      return line(`${name}_bucket`, joined(labels, `le="${this.metric.buckets![index]}"`), sum);
    });
    return [
      ...within,
      line(`${name}_bucket`, joined(labels, 'le="+Inf"'), count),
      line(`${name}_sum`, labels, value),
      line(`${name}_count`, labels, count),
    ];
  }

  #at(labels: Readonly<Record<string, string>>): Series {
    const words = this.#labels.map((label) => labels[label] ?? '');
    const known = this.#series.get(words.join('\0'));
    if (known) return known;
    const isFull = this.#series.size >= seriesMax && words.some((word) => word !== 'other');
    if (isFull) return this.#at(Object.fromEntries(this.#labels.map((label) => [label, 'other'])));
    const series = { labels: this.#text(words), value: 0, count: 0, buckets: this.metric.buckets?.map(() => 0) ?? [] };
    this.#series.set(words.join('\0'), series);
    return series;
  }

  #text(words: readonly string[]): string {
    return words.map((word, index) => `${this.#labels[index]}="${escaped(word)}"`).join(',');
  }
}

function line(name: string, labels: string, value: number): string {
  return `${name}${labels && `{${labels}}`} ${value}`;
}

function joined(labels: string, more: string): string {
  return labels ? `${labels},${more}` : more;
}

function escaped(word: string): string {
  return word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}
