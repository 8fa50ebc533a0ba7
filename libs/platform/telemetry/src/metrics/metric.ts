/** Stands for a label whose words are not known beforehand; how many of them a metric tells apart is limited. */
export const anyWord = 'any word';

/** The labels of a metric: for each, the words that it may have. */
export type LabelSet = Readonly<Record<string, readonly string[] | typeof anyWord>>;

/** Values for the labels of a metric, one for each. */
export type LabelValues<Labels extends LabelSet> = {
  readonly [Label in keyof Labels]: Labels[Label] extends readonly (infer Word extends string)[] ? Word : string;
};

/** One thing that is measured, as dashboards and alerts know it. */
export interface Metric<Labels extends LabelSet = LabelSet> {
  /** What Prometheus calls it. It ends in its unit, and in `_total` where it only grows. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** One sentence for whoever is on call. */
  readonly help: string;
  readonly labels: Labels;
  /** Upper ends, of a histogram only. */
  readonly buckets?: readonly number[];
}

/** A value of a metric, found when somebody asked for it. */
export interface Sample {
  readonly metric: Metric;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A sample whose labels are those of its metric. */
export function sample<const Labels extends LabelSet>(
  metric: Metric<Labels>,
  value: number,
  labels: LabelValues<Labels>,
): Sample {
  return { metric, value, labels };
}

/** Every combination of the words of a metric's labels; none while any of them is open. */
export function knownLabels({ labels }: Metric): Readonly<Record<string, string>>[] {
  let known: Record<string, string>[] = [{}];
  for (const [label, words] of Object.entries(labels)) {
    if (words === anyWord) return [];
    known = known.flatMap((before) => words.map((word) => ({ ...before, [label]: word })));
  }
  return known;
}
