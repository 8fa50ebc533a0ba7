import { protocol, type Answer, type Ask } from '@flotilla/contracts';
import { isoTime, Limit, toFault, type Clock } from '@flotilla/foundation';
import type { DesiredEntry, DesiredSet, WishedAgent } from '@flotilla/model';
import type { HeldIdentity } from '../keep/held-identity.ts';
import type { SetKeeper } from '../keep/set-keeper.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { ControlLine, ReceivedOrder } from '../ports/control-line.port.ts';
import type { ForeseenTarget } from '../preview/foresee-target.ts';
import type { TargetMemory } from '../reconcile/target-memory.ts';
import { answerAsk } from './answer-ask.ts';
import { HeldSet, type SetDecision } from './held-set.ts';
import { takeKeyList } from './take-key-list.ts';
import { trustOf, verifyAsk, verifySet, type OrderTrust } from './verify-order.ts';

/** Each renders, and asks the API server about each object; what runs shall not wait for what is only asked. */
const previewsAtOnceMax = 4;

export interface OrderDeskOptions {
  readonly identity: HeldIdentity;
  readonly sets: SetKeeper;
  readonly cluster: ClusterApi;
  readonly line: ControlLine;
  readonly clock: Clock;
  readonly memory: (target: string) => TargetMemory | undefined;
  /** What would be, were that ordered; given up once the signal aborts. */
  readonly foresee: (entry: DesiredEntry, signal: AbortSignal) => Promise<ForeseenTarget>;
  /** A target's entry is another one now, or there is none any more. */
  readonly onEntry: (target: string, entry: DesiredEntry | undefined, traceparent: string | undefined) => void;
  /** Which agent this cluster shall run, as each set that is taken in says anew. */
  readonly onAgent: (agent: WishedAgent | undefined) => void;
  /** The whole set has to be asked for. */
  readonly onUnmergeable: () => void;
  readonly onRefused: (kind: string, why: string) => void;
  /** Other keys are believed now: what was signed with them before that has to be said again. */
  readonly onKeys: () => void;
}

/** Takes orders in: believes only what is signed, addressed to this cluster and newer than what it holds. */
export class OrderDesk {
  readonly #options: OrderDeskOptions;
  #held: HeldSet;
  /** Sets and keys wait their turn: each builds on the one before. */
  readonly #waiting: ReceivedOrder[] = [];
  #taking: Promise<void> = Promise.resolve();
  readonly #previews = new Limit(previewsAtOnceMax);

  constructor(options: OrderDeskOptions, set: DesiredSet | undefined) {
    this.#options = options;
    this.#held = new HeldSet(set);
  }

  get held(): HeldSet {
    return this.#held;
  }

  take(order: ReceivedOrder): void {
    const failed = (error: unknown) => this.#options.onRefused(order.kind, toFault(error).message);
    if (order.kind === 'ask') void this.#takeAsk(order).catch(failed);
    if (order.kind !== 'set' && order.kind !== 'keys') return;
    this.#waiting.push(order);
    this.#taking = this.#taking.then(() => this.#takeWaiting()).catch(failed);
  }

  /** Resolves when every set that came in so far is taken in. */
  idle(): Promise<void> {
    return this.#taking;
  }

  /** Takes in what waits at the head: a list of keys, or all sets up to the next one. */
  async #takeWaiting(): Promise<void> {
    const [first] = this.#waiting;
    if (first?.kind === 'keys') return this.#takeKeys(this.#waiting.shift()!);
    const next = this.#waiting.findIndex(({ kind }) => kind === 'keys');
    await this.#takeSets(this.#waiting.splice(0, next < 0 ? this.#waiting.length : next));
  }

  /** However many came while the last was kept, they are merged in memory and kept once. */
  async #takeSets(orders: readonly ReceivedOrder[]): Promise<void> {
    const { sets, onAgent, onEntry } = this.#options;
    const changed = new Map<string, string | undefined>();
    let held = this.#held;
    for (const order of orders) {
      const decision = this.#decide(order, held);
      if (!decision) continue;
      held = new HeldSet(decision.set);
      for (const target of decision.changed) changed.set(target, order.traceparent);
    }
    if (held === this.#held) return;
    const { fence, entries, agent } = held;
    // Kept before it has any effect: after a restart the fence must not be lower than what was acted on.
    await sets.save({ fence, entries, ...(agent && { agent }) });
    this.#held = held;
    onAgent(agent);
    for (const [target, traceparent] of changed) onEntry(target, held.entry(target), traceparent);
  }

  /** What becomes of what is held by one order; nothing where it is not believed, or says nothing new. */
  #decide(order: ReceivedOrder, held: HeldSet): Extract<SetDecision, { kind: 'accepted' }> | undefined {
    const { onRefused, onUnmergeable } = this.#options;
    const verified = verifySet(order, this.#trust());
    if (!verified.ok) return void onRefused('set', verified.reason);
    const decision = held.decide(verified.value);
    if (decision.kind === 'accepted') return decision;
    if (decision.kind === 'old') return undefined;
    // A whole set that contradicts itself is not asked for again at once: the next hello is soon enough.
    if (verified.value.previous === 0) onRefused('set', decision.why);
    else onUnmergeable();
    return undefined;
  }

  async #takeKeys(order: ReceivedOrder): Promise<void> {
    const { identity, clock, onRefused, onKeys } = this.#options;
    const taken = await takeKeyList(order, { identity, now: clock.now() });
    if (!taken.ok) return onRefused('keys', taken.reason);
    if (taken.value) onKeys();
  }

  async #takeAsk(order: ReceivedOrder): Promise<void> {
    const { cluster, clock, line, memory, foresee, onRefused } = this.#options;
    const verified = verifyAsk(order, this.#trust());
    if (!verified.ok) return onRefused('ask', verified.reason);
    const ask = verified.value;
    if (!(Date.parse(ask.expiresAt) >= clock.now())) return onRefused('ask', 'it came too late');
    const { question } = ask;
    const asked = question.kind === 'diff' ? memory(question.target) : undefined;
    const parts = { cluster, memory: asked, held: this.#held.entries };
    const content = await this.#inTime(ask, (signal) =>
      answerAsk(ask, { ...parts, foresee: (entry) => this.#previews.run(() => foresee(entry, signal)) }),
    );
    const answer: Answer = { v: protocol.version, at: isoTime(clock.now()), id: ask.id, ...content };
    line.send('answer', answer, order.traceparent);
  }

  /** Nobody waits for an answer after its time, so nothing is made for it any more. */
  async #inTime<Content>({ expiresAt }: Ask, answer: (signal: AbortSignal) => Promise<Content>): Promise<Content> {
    const { clock } = this.#options;
    const [late, done] = [new AbortController(), new AbortController()];
    void clock.sleep(Math.max(0, Date.parse(expiresAt) - clock.now()), done.signal).then(() => late.abort());
    try {
      return await answer(late.signal);
    } finally {
      done.abort('done');
    }
  }

  #trust(): OrderTrust {
    const { identity, clock } = this.#options;
    return trustOf(identity.current, { now: clock.now() });
  }
}
