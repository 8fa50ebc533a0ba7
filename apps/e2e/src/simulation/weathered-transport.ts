import { agentObjects } from '@flotilla/agent';
import { Fault, type Clock, type Random } from '@flotilla/foundation';
import type { KubeRequest, KubeResponse, KubeTransport } from '@flotilla/platform-kube';
import type { Troubles, Weather } from './troubles.ts';

export interface WeatheredTransportOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly troubles: Troubles;
}

/** How many answers of one list are remembered, to be given again when they are long out of date. */
const listsMax = 4;

/** An API server behind a line on which the weather changes, and which tells what it tells late, twice or not at all. */
export class WeatheredTransport implements KubeTransport {
  weather: Weather = 'fair';
  #isCut = false;
  /** Streams that were opened before the last cut are broken. */
  #cuts = 0;
  readonly #inner: KubeTransport;
  readonly #options: WeatheredTransportOptions;
  readonly #lists = new Map<string, string[]>();
  /** The watches that something was kept from, until they begin anew with a list, or hear it after all. */
  readonly #deceived = new Set<string>();
  readonly #delayed = new Set<string>();
  /** The watches that go on from a list that was out of date: they hear of the rest one event at a time. */
  readonly #behind = new Set<string>();
  readonly #followed = new Set<string>();

  constructor(inner: KubeTransport, options: WeatheredTransportOptions) {
    this.#inner = inner;
    this.#options = options;
  }

  /** From now on nobody gets through; what had been opened is broken. */
  cut(): void {
    this.#isCut = true;
    this.#cuts++;
    for (const watch of this.#followed) this.#delayed.add(watch);
  }

  mend(): void {
    this.#isCut = false;
  }

  /** Somebody behind it believes what is not so. */
  get deceives(): boolean {
    return this.#deceived.size + this.#delayed.size + this.#behind.size > 0;
  }

  async request(request: KubeRequest): Promise<KubeResponse> {
    const { clock, random, troubles } = this.#options;
    if (this.#isCut) throw this.#unreachable();
    if (troubles.strikes('slow', this.weather)) await clock.sleep(random.next() * 2_000, request.signal);
    if (troubles.strikes('requestLost', this.weather)) throw broken();
    if (troubles.strikes('refused', this.weather)) return this.#refusal();
    const response = await this.#inner.request(request);
    if (request.endless) return { ...response, body: this.#told(request, response.body) };
    if (troubles.strikes('answerLost', this.weather)) throw broken();
    if (this.#isCut) throw this.#unreachable();
    return request.query?.has('limit') && mayLie(request) ? this.#listed(request, response) : response;
  }

  /** A list, or what the same list was some lists ago, as a server with an old cache answers. */
  async #listed({ path, query }: KubeRequest, response: KubeResponse): Promise<KubeResponse> {
    const id = `${path}?${String(query)}`;
    const lists = [...(this.#lists.get(id) ?? []), await response.text()].slice(-listsMax);
    this.#lists.set(id, lists);
    const isStale = lists.length > 1 && this.#options.troubles.strikes('staleList', this.weather);
    if (isStale) {
      const watch = watchId(path, query);
      this.#behind.add(watch);
      void this.#letCatchUp(watch);
      return answer(response.status, response.headers, lists[0]!);
    }
    this.#delayed.delete(watchId(path, query));
    return answer(response.status, response.headers, lists.at(-1)!);
  }

  /** The events of a watch, a line each. A server that swallowed some lets nobody go on with it once it is well again. */
  async *#told(request: KubeRequest, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const { troubles } = this.#options;
    const watch = watchId(request.path, request.query);
    const cuts = this.#cuts;
    this.#followed.add(watch);
    let later = '';
    try {
      for await (const line of linesOf(body)) {
        if (cuts !== this.#cuts) throw broken();
        if (line.startsWith('{"type":"ERROR"')) {
          void this.#letList(watch);
          return yield Buffer.from(line);
        }
        if (later === '') this.#delayed.delete(watch);
        const isOver = this.#deceived.has(watch) && this.weather === 'fair';
        if (isOver || troubles.strikes('eventExpired', this.weather)) {
          this.#deceived.delete(watch);
          this.#delayed.add(watch);
          void this.#letList(watch);
          return yield Buffer.from(expired);
        }
        if (mayLie(request) && troubles.strikes('eventLost', this.weather)) this.#deceived.add(watch);
        // Whether it strikes is asked of every event: so what a seed leads to stays what it was.
        else if (later === '' && troubles.strikes('eventSwapped', this.weather) && mayLie(request)) {
          this.#delayed.add(watch);
          later = line;
        } else {
          const both = (troubles.strikes('eventDoubled', this.weather) ? line + line : line) + later;
          later = '';
          this.#delayed.delete(watch);
          yield Buffer.from(both);
        }
      }
    } finally {
      // Whoever goes on from the event behind it is never told of the one that was kept back.
      if (later !== '') this.#deceived.add(watch);
    }
  }

  /** Whoever was shown an old list hears of what came since as soon as he can hear at all. */
  async #letCatchUp(watch: string): Promise<void> {
    await this.#calm();
    this.#behind.delete(watch);
  }

  /** Who is told that what he knows is too old still believes it until he has listed; for that he has time while he can. */
  async #letList(watch: string): Promise<void> {
    await this.#calm();
    this.#delayed.delete(watch);
  }

  async #calm(): Promise<void> {
    do await this.#options.clock.sleep(listMs);
    while (this.#isCut || this.weather !== 'fair');
  }

  #unreachable(): Fault {
    this.#options.troubles.happened('serverCut');
    return broken();
  }

  #refusal(): KubeResponse {
    const status = [429, 500, 503][Math.floor(this.#options.random.next() * 3)]!;
    const text = statusText(status, 'Weather', 'bad weather');
    return answer(status, { 'retry-after': '1' }, text);
  }
}

/** What is listed and then followed is one thing. */
function watchId(path: string, query: URLSearchParams | undefined): string {
  return `${path}?${query?.get('labelSelector')}`;
}

/**
 * Only of what lives in the cluster is anything untrue told. The agent's own records are read as they are: on a view of
 * those that is behind, no agent could stand, and no word of a person on them could be held against it.
 */
function mayLie({ path }: KubeRequest): boolean {
  return !path.includes(`/namespaces/${agentObjects.namespace}/`);
}

/** More than the longest pause between two tries to list. */
const listMs = 90_000;

const expired = `${JSON.stringify({ type: 'ERROR', object: JSON.parse(statusText(410, 'Expired', 'too old')) })}\n`;

function statusText(code: number, reason: string, message: string): string {
  return JSON.stringify({ kind: 'Status', status: 'Failure', code, reason, message });
}

function answer(status: number, headers: Readonly<Record<string, string>>, text: string): KubeResponse {
  const body = (async function* () {
    yield Buffer.from(text);
  })();
  return { status, headers, body, text: async () => text };
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  for await (const bytes of body) {
    const lines = (rest + Buffer.from(bytes).toString('utf8')).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield `${line}\n`;
  }
}

function broken(): Fault {
  return new Fault({ code: 'unavailable', reason: 'ConnectionBroken', message: 'the line broke' });
}
