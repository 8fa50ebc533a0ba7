import { Fault, type Clock } from '@flotilla/foundation';
import type { ObjectWatch } from '../ports/cluster-api.port.ts';

/** How long the first list of a kind may take before whoever needs it is told to come back. */
const syncTimeoutMs = 20_000;
/** How often to ask meanwhile whether the API server has refused. */
const lookMs = 1_000;

/** Resolves once these watches have told everything that exists; gives up in the words of whoever keeps them from it. */
export async function awaitLists(watches: readonly ObjectWatch[], clock: Clock): Promise<void> {
  const waiting = new AbortController();
  const patience = patienceWith(watches, { clock, signal: waiting.signal });
  const silence = await Promise.race([
    Promise.all(watches.map(({ synced }) => synced)).then(() => undefined),
    patience,
  ]);
  // A reason of its own: the one that is made otherwise collects a stack.
  waiting.abort('over');
  if (silence) throw silence;
}

/** How long to wait for lists, and in whose words to give up. A server that refuses is not waited for. */
async function patienceWith(
  watches: readonly ObjectWatch[],
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Fault | undefined> {
  const deadline = clock.now() + syncTimeoutMs;
  for (;;) {
    await clock.sleep(lookMs, signal);
    if (signal.aborted) return undefined;
    const problem = watches.map((watch) => watch.problem?.()).find(Boolean);
    if (problem?.code === 'forbidden') return problem;
    if (clock.now() >= deadline) return notListed(problem);
  }
}

function notListed(cause: Fault | undefined): Fault {
  const message = `the API server has not listed our objects yet${cause ? `: ${cause.message}` : ''}`;
  return new Fault({ code: 'timeout', reason: 'ClusterSilent', message, cause });
}
