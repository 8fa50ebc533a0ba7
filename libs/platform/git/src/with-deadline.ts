import type { Clock } from '@flotilla/foundation';
import { gitFault } from './git-faults.ts';

export interface DeadlineOptions {
  readonly clock: Clock;
  readonly wallMs: number;
  readonly signal?: AbortSignal;
}

/** Runs a task that has to end in time: its signal aborts at the deadline or with the caller, and the fault says which. */
export async function withDeadline<Result>(
  task: (signal: AbortSignal) => Promise<Result>,
  { clock, wallMs, signal }: DeadlineOptions,
): Promise<Result> {
  const ending = new AbortController();
  const late = new AbortController();
  const timer = new AbortController();
  void clock.sleep(wallMs, timer.signal).then(() => {
    if (timer.signal.aborted) return;
    late.abort();
    ending.abort();
  });
  const cancel = () => ending.abort();
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  try {
    ending.signal.throwIfAborted();
    return await task(ending.signal);
  } catch (error) {
    if (late.signal.aborted) throw timedOut(wallMs, error);
    if (signal?.aborted) throw cancelled(error);
    throw error;
  } finally {
    // A reason of its own, because the one that is made otherwise collects a stack on every call.
    timer.abort('ended');
    signal?.removeEventListener('abort', cancel);
  }
}

function timedOut(wallMs: number, cause: unknown) {
  return gitFault('GitTimeout', { message: `the Git host took longer than ${wallMs} ms`, cause });
}

function cancelled(cause: unknown) {
  return gitFault('GitCancelled', { message: 'the work on the repository was cancelled', cause });
}
