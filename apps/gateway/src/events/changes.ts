import { changeSchema, headerNames, subjects, type ChangedKind } from '@flotilla/contracts';
import { Channel, type Clock, type Running } from '@flotilla/foundation';
import type { Bus, BusMessage } from '@flotilla/platform-bus';
import { inSpan } from '@flotilla/platform-telemetry';

/** Some rows of one kind in one project changed. */
export interface Change {
  /** Counts up: no two that this gateway tells have the same, whereby streams know what they share. */
  readonly number: number;
  readonly kind: ChangedKind;
  readonly project: string;
  readonly ids: ReadonlySet<string>;
}

/** How long changes are gathered: a rollout over many targets is one read, and nobody sees the difference. */
const gatherMs = 40;

/**
 * Hears what every replica of every service changed and tells the streams of this gateway. Only ids travel; whoever
 * listens reads the rows, so what a screen shows is always what is stored.
 */
export class Changes implements Running {
  readonly #clock: Clock;
  readonly #subscriptions: Running[];
  readonly #listeners = new Set<Channel<Change>>();
  #gathered = new Map<string, Gathered>();
  #told = 0;
  #stopped = false;

  constructor({ bus, clock, kinds }: { bus: Bus; clock: Clock; kinds: readonly ChangedKind[] }) {
    this.#clock = clock;
    this.#subscriptions = kinds.map((kind) =>
      bus.subscribe(subjects.changed(kind), { onMessage: (message) => this.#gather(kind, message) }),
    );
  }

  /** All changes from now on, until the signal aborts or the gateway goes down. */
  follow(signal: AbortSignal): Channel<Change> {
    const channel = new Channel<Change>(1_000);
    const leave = () => {
      this.#listeners.delete(channel);
      channel.end();
    };
    this.#listeners.add(channel);
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted || this.#stopped) leave();
    return channel;
  }

  /** Nobody knows what was said meanwhile: every stream ends, and its reader opens a new one, which begins with everything. */
  missed(): void {
    for (const channel of this.#listeners) channel.end();
    this.#listeners.clear();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#subscriptions.map((subscription) => subscription.stop()));
    this.missed();
  }

  #gather(kind: ChangedKind, { data, headers }: BusMessage): void {
    if (this.#listeners.size === 0) return;
    // What is no word of a change throws, and is dropped by the bus like any message that nobody understands.
    const { project, ids } = changeSchema.parse(JSON.parse(Buffer.from(data).toString('utf8')));
    if (this.#gathered.size === 0) void this.#clock.sleep(gatherMs).then(() => this.#tell());
    const key = `${kind}/${project}`;
    const change = this.#gathered.get(key) ?? {
      kind,
      project,
      ids: new Set(),
      traceparent: headers[headerNames.traceparent],
    };
    for (const id of ids) change.ids.add(id);
    this.#gathered.set(key, change);
  }

  #tell(): void {
    const changes = [...this.#gathered.values()];
    this.#gathered = new Map();
    for (const { traceparent, ...gathered } of changes) {
      const change: Change = { number: ++this.#told, ...gathered };
      const tell = async () => this.#listeners.forEach((listener) => listener.push(change));
      // The last station of the road: whoever looks, sees it from here on.
      if (traceparent)
        void inSpan('tell screens', { kind: 'producer', traceparent, attributes: { kind: change.kind } }, tell);
      else void tell();
    }
  }
}

interface Gathered {
  readonly kind: ChangedKind;
  readonly project: string;
  readonly ids: Set<string>;
  readonly traceparent: string | undefined;
}
