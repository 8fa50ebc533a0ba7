import { metrics, type Attributes } from '@opentelemetry/api';

const meter = () => metrics.getMeter('flotilla');

/** Counts things that happen. Names end in what is counted: `flotilla_reports_stored_total` is the exporter's form. */
export function counter(name: string, description: string): (attributes?: Attributes, value?: number) => void {
  const instrument = lazily(() => meter().createCounter(name, { description }));
  return (attributes, value = 1) => instrument().add(value, attributes);
}

/** How long things take, in milliseconds. */
export function timer(name: string, description: string): (milliseconds: number, attributes?: Attributes) => void {
  const instrument = lazily(() => meter().createHistogram(name, { description, unit: 'ms' }));
  return (milliseconds, attributes) => instrument().record(milliseconds, attributes);
}

/** Something that has a value whenever it is asked for. */
export function gauge(name: string, description: string, read: () => number): void {
  meter()
    .createObservableGauge(name, { description })
    .addCallback((result) => result.observe(read()));
}

/** Instruments are made at first use, because modules load before telemetry starts. */
function lazily<Instrument>(create: () => Instrument): () => Instrument {
  let instrument: Instrument | undefined;
  return () => (instrument ??= create());
}
