import type { HealthCheck } from '@flotilla/control-host';
import { Fault } from '@flotilla/foundation';

/**
 * The text of `/readyz`, in the form that Kubernetes' own probes have; a fault when something is missing. Whoever may
 * ask without a token learns which part is missing and not why: the log knows, and the port for probes.
 */
export function readiness(checks: readonly HealthCheck[], { verbose }: { readonly verbose: boolean }): string {
  const missing = checks.filter(({ problem }) => problem);
  if (missing.length > 0) {
    const message = `not ready: ${missing.map(({ name }) => name).join(', ')}`;
    throw new Fault({ code: 'unavailable', reason: 'NotReady', message });
  }
  if (!verbose) return 'ok\n';
  return [...checks.map(({ name }) => `[+]${name} ok`), 'readyz check passed', ''].join('\n');
}
