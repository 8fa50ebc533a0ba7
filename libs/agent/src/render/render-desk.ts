import { Limit, refused, type Clock, type Outcome, type Redacted, type Running } from '@flotilla/foundation';
import type { Rendered } from '@flotilla/workload-render';
import type { RenderCache } from '../ports/render-cache.port.ts';
import type { Renderer, RenderFailure, RenderOrder } from '../ports/renderer.port.ts';
import { KeptRenders } from './kept-renders.ts';
import { renderName } from './render-name.ts';
import { unstableObjects } from './unstable-objects.ts';

export interface RenderDeskOptions {
  readonly renderer: Renderer;
  readonly cache: RenderCache;
  readonly key: Redacted<Buffer>;
  readonly clock: Clock;
}

/** One render as a target wants it. */
export interface RenderWish {
  readonly order: RenderOrder;
  /** Aborted when the target is to run something else by now. */
  readonly signal: AbortSignal;
  /** Whether this very thing came out of the same order before, so that it need not be made twice to be believed. */
  readonly isKnown: (rendered: Rendered) => boolean;
}

type Outcomes = Outcome<Rendered, RenderFailure>;

/** A program takes a processor and much memory for itself. */
const programsAtOnceMax = 2;
/** Twice what the box gives a program: by then the box itself is what is stuck. */
const deadlineMs = 60_000;

/**
 * Has orders rendered. Plain files are read at once; what takes a program waits for its turn, has a deadline, ends when
 * nobody wants it any more, and is made twice before it is believed: what differs from itself could never be Synced.
 */
export class RenderDesk implements Running {
  readonly #options: RenderDeskOptions;
  readonly #kept: KeptRenders;
  readonly #turns = new Limit(programsAtOnceMax);
  readonly #stopping = new AbortController();

  constructor(options: RenderDeskOptions) {
    this.#options = options;
    this.#kept = new KeptRenders(options.cache, options.key);
  }

  async render({ order, signal, isKnown }: RenderWish): Promise<Outcomes> {
    const ending = AbortSignal.any([signal, this.#stopping.signal]);
    const chosen = await this.#options.renderer.choose(order);
    if (!chosen.ok) return chosen;
    if (chosen.value.name === 'plain') return this.#options.renderer.render(order, ending);
    const name = renderName(order, chosen.value);
    const kept = await this.#kept.find(name);
    if (kept) return kept;
    const making = this.#turns.run(() => this.#makeTwice({ order, signal: ending, isKnown }));
    const made = await Promise.race([making, cancelled(ending)]);
    if (made.ok) await this.#kept.keep(name, made.value);
    return made;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
  }

  async #makeTwice({ order, signal, isKnown }: RenderWish): Promise<Outcomes> {
    const first = await this.#make(order, signal);
    if (!first.ok || isKnown(first.value)) return first;
    const second = await this.#make(order, signal);
    if (!second.ok) return second;
    const unstable = unstableObjects(first.value, second.value);
    return unstable.length === 0 ? first : failed('Unstable', ...unstable);
  }

  /** Whoever renders may be stuck and not hear that it shall stop; its place is free all the same. */
  async #make(order: RenderOrder, signal: AbortSignal): Promise<Outcomes> {
    // Nobody waits for its turn any more: it is handed on at once.
    if (signal.aborted) return failed('Cancelled');
    const { renderer, clock } = this.#options;
    const over = new AbortController();
    const ending = AbortSignal.any([signal, over.signal]);
    const late = clock.sleep(deadlineMs, ending).then(() => undefined);
    try {
      const made = await Promise.race([renderer.render(order, ending), late]);
      return made ?? failed('TooSlow', `was not done after ${deadlineMs / 1_000} s`);
    } finally {
      // A reason of its own, because the one that is made otherwise collects a stack on every call.
      over.abort('over');
    }
  }
}

/** Resolves when the signal aborts, also for one that still waits for its turn. */
function cancelled(signal: AbortSignal): Promise<Outcomes> {
  return new Promise((resolve) => {
    const tell = () => resolve(failed('Cancelled'));
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
  });
}

function failed(kind: RenderFailure['kind'], ...messages: readonly string[]): Outcomes {
  return refused({ kind, messages });
}
