import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Running } from '@flotilla/foundation';
import { sample, type Sample } from './metric.ts';
import { metricList } from './metric-list.ts';
import { registry } from './registry.ts';

const { build, cpu, memory, heap, files, started, eventLoopLag } = metricList;

/** What any process can say of itself, at no cost until somebody asks. */
export function readProcess(process_: { readonly service: string; readonly version: string }): Running {
  return registry.read([build, cpu, memory, heap, files, started], () => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    return [
      sample(build, 1, process_),
      sample(cpu, (user + system) / 1e6, {}),
      sample(memory, rss, {}),
      sample(heap, heapUsed, {}),
      sample(started, performance.timeOrigin / 1_000, {}),
      ...openFiles(),
    ];
  });
}

/** How late this process's timers are. Watching it costs fifty wake-ups a second, which an idle agent does without. */
export function readEventLoop(): Running {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const reading = registry.read([eventLoopLag], () => {
    const seconds = (percent: number) => Math.max(0, delay.percentile(percent) / 1e9 - 0.02);
    const lags = [
      sample(eventLoopLag, seconds(50), { quantile: '0.5' }),
      sample(eventLoopLag, seconds(99), { quantile: '0.99' }),
      sample(eventLoopLag, seconds(100), { quantile: '1' }),
    ];
    delay.reset();
    return lags;
  });
  return { stop: () => (delay.disable(), reading.stop()) };
}

/** Linux lists them; elsewhere nothing is said. */
function openFiles(): Sample[] {
  try {
    return [sample(files, readdirSync('/proc/self/fd').length, {})];
  } catch {
    return [];
  }
}
