import type { ServerResponse } from 'node:http';
import { systemClock } from '@flotilla/foundation';

/** What can go wrong at a Git host, on demand. */
export type HostFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  /** A page for people where Git was expected. */
  | { readonly kind: 'html' }
  /** The connection ends before an answer. */
  | { readonly kind: 'drop' }
  /** The connection ends after so many bytes of the answer's body. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** The answer comes later, or never when the client leaves first. */
  | { readonly kind: 'delay'; readonly ms: number };

/** Faults that wait for a request; each is used as often as it was ordered. */
export class PlannedFaults {
  readonly #planned: { readonly repository: string; readonly fault: HostFault; times: number }[] = [];

  plan(repository: string, fault: HostFault, times = 1): void {
    this.#planned.push({ repository, fault, times });
  }

  clear(): void {
    this.#planned.length = 0;
  }

  take(repository: string): HostFault | undefined {
    const index = this.#planned.findIndex((planned) => planned.repository === repository);
    const planned = this.#planned[index];
    if (!planned) return undefined;
    if (--planned.times <= 0) this.#planned.splice(index, 1);
    return planned.fault;
  }
}

/** Answers with the fault; true when nothing is left to answer. */
export async function answerWithFault(fault: HostFault, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, fault.headers).end('broken on purpose');
      return true;
    case 'redirect':
      response.writeHead(fault.status ?? 302, { location: fault.location }).end();
      return true;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Please sign in</body></html>');
      return true;
    case 'drop':
      response.destroy();
      return true;
    case 'delay':
      await systemClock.sleep(fault.ms);
      return response.destroyed;
    case 'truncate':
      return false;
  }
}
