import type { Tracer } from '@flotilla/agent';
import { currentTraceparent, histogram, inSpan, metricList } from '@flotilla/platform-telemetry';

const passed = histogram(metricList.agentPassDuration);

/** Traces steps and passes, and times the passes. */
export const agentTracer: Tracer = {
  inSpan: async (name, options, work) => {
    const begun = performance.now();
    const isPass = name === 'reconcile target';
    return inSpan(name, options, work).finally(() => isPass && passed((performance.now() - begun) / 1_000, {}));
  },
  current: currentTraceparent,
};
