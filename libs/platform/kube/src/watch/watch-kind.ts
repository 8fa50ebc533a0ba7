import { backoffMs, jittered, toFault, type Fault } from '@flotilla/foundation';
import type { GroupKind, KubeObject, ObjectKey } from '@flotilla/model';
import type { KubeClient } from '../client/kube-client.ts';
import type { ListPage } from '../client/list-pages.ts';
import { kindTitle } from '../discovery/kind-table.ts';
import { cutWhenSilent } from './cut-when-silent.ts';
import { isOlder, ObjectCache, type WatchEvent } from './object-cache.ts';
import type { WatchLine } from './open-watch.ts';
import { endedAtOnce, needsNewList, outOfOrder, unreadableEvent, wentBack } from './watch-faults.ts';
import type { WatchCache, WatchHealth, WatchKindOptions } from './watch-cache.ts';

/**
 * Watches a kind for good. It lists once, follows the changes, resumes where it was after a cut, and compares with a
 * new list when the server has forgotten that place. A kind that is not served yet is waited for.
 */
export function watchKind<Kept>(
  client: KubeClient,
  kind: GroupKind,
  options: WatchKindOptions<Kept>,
): WatchCache<Kept> {
  return new KindWatch(client, kind, options);
}

const backoff = { baseMs: 500, maxMs: 30_000 };
const kindMissingMs = 5_000;
/** A stream that lived for so long shows that all is well, whatever ended it. */
const steadyMs = 30_000;
const shortLifeMs = 1_000;
const silenceDefaultMs = 120_000;

class KindWatch<Kept> implements WatchCache<Kept> {
  readonly synced: Promise<void>;
  readonly #client: KubeClient;
  readonly #kind: GroupKind;
  readonly #options: WatchKindOptions<Kept>;
  readonly #objects: ObjectCache<Kept>;
  readonly #stopping = new AbortController();
  readonly #finished: Promise<void>;
  #markSynced: () => void = () => undefined;
  /** Where to go on; a new list is needed when absent. */
  #resumeAt: string | undefined;
  /** The newest version that was told, of an object or of all. */
  #newest = '';
  #silences = 0;
  #lists = 0;
  #health: Omit<WatchHealth, 'relists'> = { poisoned: 0 };

  constructor(client: KubeClient, kind: GroupKind, options: WatchKindOptions<Kept>) {
    this.#client = client;
    this.#kind = kind;
    this.#options = options;
    const onChange = (event: WatchEvent<Kept>) => this.#guarded(() => options.onChange(event));
    this.#objects = new ObjectCache({ kind, keep: options.keep, onChange });
    this.synced = new Promise((resolve) => (this.#markSynced = resolve));
    this.#finished = this.#run();
  }

  get(key: ObjectKey): Kept | undefined {
    return this.#objects.get(key);
  }

  all(): IterableIterator<{ readonly key: ObjectKey; readonly kept: Kept }> {
    return this.#objects.all();
  }

  health(): WatchHealth {
    return { ...this.#health, relists: Math.max(0, this.#lists - 1) };
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    return this.#finished;
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      const startedAt = clock.now();
      const problem = await this.#turn();
      const steady = clock.now() - startedAt >= steadyMs;
      failures = problem ? (steady ? 1 : failures + 1) : 0;
      if (problem) await clock.sleep(this.#pauseMs(problem, failures), this.#stopping.signal);
    }
    this.#markSynced();
  }

  /** One list if needed, then one stream to its end. The outcome is why to pause before the next, if so. */
  async #turn(): Promise<Fault | undefined> {
    let problem: Fault | undefined;
    try {
      await this.#requireKind();
      if (this.#resumeAt === undefined) await this.#list();
      problem = await this.#follow(this.#resumeAt!);
    } catch (error) {
      problem = toFault(error);
      if (needsNewList(problem)) this.#resumeAt = undefined;
    }
    if (this.#stopping.signal.aborted) return undefined;
    if (problem) this.#report(problem);
    return problem;
  }

  /** A kind that the server does not know any more has no objects; one whose group is silent keeps them. */
  async #requireKind(): Promise<void> {
    const { kinds } = this.#client;
    if (await kinds.find(this.#kind, this.#options.version)) return;
    if (!(await kinds.table()).failedGroups.includes(this.#kind.group)) {
      this.#objects.clear();
      this.#resumeAt = undefined;
    }
    await kinds.require(this.#kind, this.#options.version);
  }

  async #list(): Promise<void> {
    let resourceVersion = '';
    const options = { ...this.#options, signal: this.#stopping.signal };
    await this.#client.eachPage(this.#kind, options, (page) => {
      this.#takePage(page);
      resourceVersion = page.resourceVersion;
    });
    this.#objects.endRound(resourceVersion);
    this.#resumeAt = resourceVersion;
    this.#lists++;
    this.#markSynced();
  }

  #takePage({ first, items, unreadable, resourceVersion }: ListPage): void {
    if (first) this.#beginRound(resourceVersion);
    this.#poisoned(unreadable);
    for (const item of items) this.#guarded(() => this.#objects.listed(item));
  }

  /** A list is as new as anything that was told before it; one that is older is of a server that was restored. */
  #beginRound(resourceVersion: string): void {
    if (isOlder(resourceVersion, this.#newest)) this.#guarded(() => this.#options.onChange({ type: 'reset' }));
    this.#newest = resourceVersion;
    this.#objects.beginRound();
  }

  async #follow(resourceVersion: string): Promise<Fault | undefined> {
    const { clock, random, silenceMaxMs = silenceDefaultMs } = this.#options;
    const openedAt = clock.now();
    let heardAt = openedAt;
    const cut = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, cut.signal]);
    const silence = cutWhenSilent({ clock, silenceMaxMs, heardAt: () => heardAt, cut });
    const timeoutSeconds = Math.round(300 + 300 * random.next());
    try {
      const stream = await this.#client.watch(this.#kind, {
        ...this.#options,
        resourceVersion,
        timeoutSeconds,
        signal,
      });
      const { problem: _, ...health } = this.#health;
      this.#health = { ...health, connectedSince: clock.now() };
      for await (const lines of stream) {
        heardAt = clock.now();
        for (const line of lines) this.#take(line);
      }
      const fruitless = heardAt === openedAt && clock.now() - openedAt < shortLifeMs;
      return fruitless ? endedAtOnce(this.#kind) : undefined;
    } catch (error) {
      if (!cut.signal.aborted) throw error;
      this.#afterSilence();
      return undefined;
    } finally {
      cut.abort();
      await silence;
      const { connectedSince: _, ...health } = this.#health;
      this.#health = health;
    }
  }

  /** A second silence in a row may mean that our place lies in a future that a restored server has not reached. */
  #afterSilence(): void {
    if (++this.#silences >= 2) this.#resumeAt = undefined;
  }

  #take(line: WatchLine): void {
    this.#silences = 0;
    switch (line.type) {
      case 'error':
        throw line.fault;
      case 'unreadable':
        this.#poisoned(1);
        throw unreadableEvent(this.#kind);
      case 'bookmark':
        if (isOlder(line.resourceVersion, this.#resumeAt ?? '')) throw wentBack(this.#kind);
        this.#goOnAt(line.resourceVersion);
        return;
      default:
        if (line.type !== 'deleted' && this.#mayBeGone(line.object)) throw outOfOrder(this.#kind);
        this.#health = { ...this.#health, lastEventAt: this.#options.clock.now() };
        this.#guarded(() =>
          line.type === 'deleted' ? this.#objects.removed(line.object) : this.#objects.told(line.object),
        );
        this.#goOnAt(line.object.metadata.resourceVersion!);
    }
  }

  /** Nothing is known of it, and something younger was told already: that it went may have been among it. */
  #mayBeGone({ metadata }: KubeObject): boolean {
    return isOlder(metadata.resourceVersion!, this.#newest) && !this.#objects.has(metadata);
  }

  #goOnAt(resourceVersion: string): void {
    this.#resumeAt = resourceVersion;
    if (isOlder(this.#newest, resourceVersion)) this.#newest = resourceVersion;
  }

  /** What `keep` or `onChange` cannot digest is counted and passed over: one object must not stop the others. */
  #guarded(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#poisoned(1);
      this.#report(toFault(error, kindTitle(this.#kind)));
    }
  }

  #poisoned(count: number): void {
    if (count > 0) this.#health = { ...this.#health, poisoned: this.#health.poisoned + count };
  }

  #report(problem: Fault): void {
    this.#health = { ...this.#health, problem };
    try {
      this.#options.onProblem?.(problem);
    } catch {
      // A log that is full must not end the watch.
    }
  }

  #pauseMs({ reason, consequence }: Fault, failures: number): number {
    const { random } = this.#options;
    if (reason === 'KindUnknown') return jittered(kindMissingMs, 0.2, random);
    const asked = consequence.kind === 'retry' ? (consequence.afterMs ?? 0) : 0;
    return Math.max(asked, backoffMs(failures, backoff, random));
  }
}
