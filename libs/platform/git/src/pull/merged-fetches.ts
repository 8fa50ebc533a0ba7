import { Fault, Limit } from '@flotilla/foundation';
import type { GitObject } from '../objects/git-object.ts';
import { InMemoryObjectStore } from '../objects/in-memory-object-store.ts';
import { PullBudget } from '../pack/pull-budget.ts';
import type { FetchContext, FetchRequest, ObjectSource } from './object-source.ts';

export interface MergedFetchesOptions {
  readonly source: ObjectSource;
  readonly runningMax: number;
  readonly wantsMax: number;
  /** For how many bytes the answer to "what changed" stays at hand for the neighbours of the path that asked. */
  readonly companyBytesMax: number;
}

/**
 * Lets pulls that run side by side share requests: an agent pulls a thousand paths of one commit, and most of them need
 * the same objects. The same request twice is sent once; requests for single objects that wait for their turn leave
 * together; and what came along with a change is found without asking again.
 */
export class MergedFetches implements ObjectSource {
  readonly #options: MergedFetchesOptions;
  readonly #limit: Limit;
  readonly #sent = new Map<string, Promise<readonly GitObject[]>>();
  readonly #waiting = new Map<string, Bundle>();
  readonly #company: InMemoryObjectStore;

  constructor(options: MergedFetchesOptions) {
    this.#options = options;
    this.#limit = new Limit(options.runningMax);
    this.#company = new InMemoryObjectStore({ bytesMax: options.companyBytesMax });
  }

  async fetch(request: FetchRequest, context: FetchContext): Promise<readonly GitObject[]> {
    const shared = this.#join(request, context);
    try {
      return await shared;
    } catch (error) {
      // A fault of the bundle may be another's: an object too large, a pull that was cancelled. Alone it is our own.
      if (context.signal.aborted || !isAnothers(error)) throw error;
      return this.#options.source.fetch(request, context);
    }
  }

  async find(oid: string): Promise<GitObject | undefined> {
    return (await this.#company.get(oid)) ?? this.#options.source.find?.(oid);
  }

  #join(request: FetchRequest, context: FetchContext): Promise<readonly GitObject[]> {
    const key = JSON.stringify(request);
    const same = this.#sent.get(key);
    if (same) return same;
    const isSingle = !request.have && !request.tipOnly;
    const sending = isSingle ? this.#bundle(request, context) : this.#send(request, context);
    this.#sent.set(key, sending);
    // Whoever waits sees the failure; this line only tidies up.
    void sending.catch(() => undefined).then(() => this.#sent.delete(key));
    return sending;
  }

  async #send(request: FetchRequest, context: FetchContext): Promise<readonly GitObject[]> {
    const objects = await this.#limit.run(() => this.#options.source.fetch(request, context));
    if (request.have) for (const object of objects) await this.#company.put(object);
    return objects;
  }

  /** Adds to the bundle that waits for its turn, or starts one. */
  #bundle(request: FetchRequest, context: FetchContext): Promise<readonly GitObject[]> {
    const kind = request.filter ?? '';
    const waiting = this.#waiting.get(kind);
    if (waiting && waiting.wants.size + request.wants.length <= this.#options.wantsMax) {
      for (const oid of request.wants) waiting.wants.add(oid);
      return waiting.arrives;
    }
    const wants = new Set(request.wants);
    const arrives = this.#limit.run(async () => {
      // Those who ask in the same moment still come along, even when nothing else runs.
      await Promise.resolve();
      if (this.#waiting.get(kind)?.wants === wants) this.#waiting.delete(kind);
      return this.#options.source.fetch({ ...request, wants: [...wants] }, contextOfBundle(context, wants, request));
    });
    this.#waiting.set(kind, { wants, arrives });
    return arrives;
  }
}

interface Bundle {
  readonly wants: Set<string>;
  readonly arrives: Promise<readonly GitObject[]>;
}

/** A bundle of several has a budget of its own, or the first pull would pay for all; the wire is counted to the first. */
function contextOfBundle(context: FetchContext, wants: Set<string>, own: FetchRequest): FetchContext {
  if (wants.size === own.wants.length) return context;
  const budget = new PullBudget(context.budget.limits, context.budget.traffic);
  return { ...context, budget };
}

function isAnothers(error: unknown): boolean {
  return error instanceof Fault && (error.code === 'too-large' || error.reason === 'GitCancelled');
}
