import type { ChangedKind, StreamEvent } from '@flotilla/contracts';
import {
  backoffMs,
  every,
  Fault,
  toFault,
  type Clock,
  type FaultCode,
  type Random,
  type Running,
} from '@flotilla/foundation';
import type { FlotillaClient } from './flotilla-client.ts';

/** What to follow, in whose time, and until when. */
export interface FollowOptions {
  readonly project: string;
  readonly kinds: readonly ChangedKind[];
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Whether to end with a fault instead of trying again. Absent: when the first try fails, and when no try may help. */
  readonly givesUp?: (fault: Fault, everStood: boolean) => boolean;
}

/** What somebody who follows is told. Objects are the views of their kind. */
export type FollowEvent =
  /** Everything there is of a kind: it replaces what was known. Comes first, and again after each cut. */
  | { readonly type: 'all'; readonly kind: ChangedKind; readonly objects: readonly unknown[] }
  | { readonly type: 'changed'; readonly kind: ChangedKind; readonly object: unknown }
  | { readonly type: 'gone'; readonly kind: ChangedKind; readonly uid: string }
  /** The line is down and will be tried again; what is known may be older than `heardAtMs` until the next `all`. */
  | { readonly type: 'cut'; readonly fault: Fault; readonly heardAtMs: number; readonly retryMs: number };

const retry = { baseMs: 500, maxMs: 15_000 };

/** The gateway says something every 15 s at least; three times that in silence is a dead line. */
const silenceMaxMs = 45_000;

/** What another try may cure once the line has stood. */
const passing = new Set<FaultCode>(['unavailable', 'timeout', 'too-many', 'internal']);

/**
 * Follows some kinds until the signal aborts, over any number of cut lines: with growing pauses, and with everything
 * told anew after each. A server that cannot be reached at the first try is a fault, as is a refusal at any time.
 */
export async function* followChanges(client: FlotillaClient, options: FollowOptions): AsyncGenerator<FollowEvent> {
  const { clock, random, signal, givesUp = byDefault } = options;
  let everStood = false;
  for (let attempt = 1; !signal.aborted; attempt++) {
    const { fault, heardAtMs } = yield* listen(client, options, () => {
      everStood = true;
      attempt = 1;
    });
    if (signal.aborted) return;
    if (givesUp(fault, everStood)) throw fault;
    const retryMs = backoffMs(attempt, retry, random);
    yield { type: 'cut', fault, heardAtMs, retryMs };
    await clock.sleep(retryMs, signal);
  }
}

function byDefault(fault: Fault, everStood: boolean): boolean {
  return !everStood || !passing.has(fault.code);
}

/** Why a line ended, and when something was heard on it last. */
interface Ending {
  readonly fault: Fault;
  readonly heardAtMs: number;
}

/** Passes on one stream until it ends, and returns why it did. */
async function* listen(
  client: FlotillaClient,
  { project, kinds, clock, signal }: FollowOptions,
  onStanding: () => void,
): AsyncGenerator<FollowEvent, Ending> {
  const line = new AbortController();
  const silence = new Silence(clock, { line });
  try {
    const ending = AbortSignal.any([signal, line.signal]);
    for await (const event of gathered(client.stream(project, kinds, ending, () => silence.heard()))) {
      onStanding();
      yield event;
    }
    return { fault: ended('the stream ended'), heardAtMs: silence.heardAtMs };
  } catch (thrown) {
    const fault = cutFault(line.signal.aborted ? line.signal.reason : thrown);
    return { fault, heardAtMs: silence.heardAtMs };
  } finally {
    line.abort();
    void silence.stop();
  }
}

/** Turns the beginning of a stream into one `all` for each kind. */
async function* gathered(events: AsyncIterable<StreamEvent>): AsyncGenerator<FollowEvent> {
  const beginning = new Map<ChangedKind, unknown[]>();
  const begun = new Set<ChangedKind>();
  for await (const { type, kind, object } of events) {
    if (type === 'ERROR') throw problemIn(object);
    if (type === 'BOOKMARK') {
      begun.add(kind);
      yield { type: 'all', kind, objects: beginning.get(kind) ?? [] };
      beginning.delete(kind);
    } else if (type === 'DELETED') {
      yield { type: 'gone', kind, uid: uidIn(object) };
    } else if (begun.has(kind)) {
      yield { type: 'changed', kind, object };
    } else {
      const objects = beginning.get(kind) ?? [];
      beginning.set(kind, objects);
      objects.push(object);
    }
  }
}

/** Ends a line on which nothing was heard for too long. */
class Silence implements Running {
  readonly #clock: Clock;
  readonly #looking: Running;
  #heardAtMs: number;

  constructor(clock: Clock, { line }: { readonly line: AbortController }) {
    this.#clock = clock;
    this.#heardAtMs = clock.now();
    this.#looking = every({
      clock,
      intervalMs: silenceMaxMs / 9,
      run: async () => {
        if (clock.now() - this.#heardAtMs > silenceMaxMs) line.abort(ended('nothing was heard for a while'));
      },
      onError: () => undefined,
    });
  }

  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  heard(): void {
    this.#heardAtMs = this.#clock.now();
  }

  stop(): Promise<void> {
    return this.#looking.stop();
  }
}

/** A line that breaks in the middle throws whatever the platform throws: it is a cut, not a surprise. */
function cutFault(thrown: unknown): Fault {
  return thrown instanceof Fault ? thrown : ended(toFault(thrown).message);
}

function problemIn(object: unknown): Fault {
  const { detail = 'the control plane could not go on' } = (object ?? {}) as { readonly detail?: string };
  return ended(detail);
}

function uidIn(object: unknown): string {
  const { metadata } = (object ?? {}) as { readonly metadata?: { readonly uid?: string } };
  return metadata?.uid ?? '';
}

function ended(why: string): Fault {
  return new Fault({ code: 'unavailable', reason: 'StreamEnded', message: `the line to the control plane: ${why}` });
}
