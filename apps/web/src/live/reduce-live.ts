import type { StreamEvent } from '@flotilla/contracts';
import { liveKinds, type Known, type LiveKind, type LiveState } from './live-state.ts';
import { keyOf } from './live-key.ts';

/** What can happen to the stream. */
export type LiveChange =
  | { readonly type: 'opened' }
  | { readonly type: 'told'; readonly events: readonly StreamEvent[] }
  | { readonly type: 'cut'; readonly heardAtMs: number; readonly problem: string };

/** Ledger lines come without end; the newest are kept. */
export const eventsMax = 300;

/**
 * The state after a change. A stream begins with everything there is: it is gathered aside and replaces what was known
 * when its bookmark comes, so that what vanished while nobody listened vanishes here as well.
 */
export function reduceLive(state: LiveState, change: LiveChange): LiveState {
  switch (change.type) {
    case 'opened':
      return { ...state, ...arrivals(state, new Map<string, never>()) };
    case 'told':
      return heard(tell(state, change.events));
    case 'cut':
      return { ...state, ...arrivals(state, undefined), line: cutLine(state, change) };
  }
}

type Items = Map<string, unknown>;

function arrivals(state: LiveState, arriving: Known<never>['arriving']): Partial<LiveState> {
  return Object.fromEntries(liveKinds.map((kind) => [kind, { ...state[kind], arriving }]));
}

/** Stale since the first cut: trying in vain to reconnect makes nothing fresher. */
function cutLine({ line }: LiveState, { heardAtMs, problem }: LiveChange & { type: 'cut' }): LiveState['line'] {
  return { phase: 'cut', staleSinceMs: line.phase === 'cut' ? line.staleSinceMs : heardAtMs, problem };
}

/** Live once every kind is told to its end. */
function heard(state: LiveState): LiveState {
  const whole = liveKinds.every((kind) => state[kind].known && !state[kind].arriving);
  return whole && state.line.phase !== 'live' ? { ...state, line: { phase: 'live' } } : state;
}

function tell(state: LiveState, events: readonly StreamEvent[]): LiveState {
  const told = new Map<LiveKind, KindInMotion>();
  for (const event of events) {
    if (!isLiveKind(event.kind)) continue;
    const motion = told.get(event.kind) ?? new KindInMotion(event.kind, state[event.kind]);
    told.set(event.kind, motion);
    motion.tell(event);
  }
  return { ...state, ...Object.fromEntries([...told].map(([kind, motion]) => [kind, motion.result()])) };
}

/** One kind while a batch of events is applied: its maps are copied once, however many events there are. */
class KindInMotion {
  readonly #kind: LiveKind;
  #known: boolean;
  #items: ReadonlyMap<string, unknown>;
  #arriving: Items | undefined;
  #copied: Items | undefined;

  constructor(kind: LiveKind, { known, items, arriving }: Known<unknown>) {
    this.#kind = kind;
    this.#known = known;
    this.#items = items;
    this.#arriving = arriving && new Map(arriving);
  }

  tell({ type, object }: StreamEvent): void {
    if (type === 'BOOKMARK') return this.#replace();
    const key = keyOf(this.#kind, object);
    if (key === undefined) return;
    const items = this.#arriving ?? (this.#copied ??= new Map(this.#items));
    if (type === 'DELETED') items.delete(key);
    else if (type !== 'ERROR') items.set(key, object);
    if (this.#kind === 'event') dropOldest(items);
  }

  result(): Known<unknown> {
    return { known: this.#known, items: this.#copied ?? this.#items, arriving: this.#arriving };
  }

  #replace(): void {
    this.#known = true;
    this.#copied = this.#arriving ?? this.#copied;
    this.#arriving = undefined;
  }
}

function dropOldest(items: Items): void {
  for (const key of items.keys()) {
    if (items.size <= eventsMax) return;
    items.delete(key);
  }
}

function isLiveKind(kind: StreamEvent['kind']): kind is LiveKind {
  return (liveKinds as readonly string[]).includes(kind);
}
