import { HeldSet, Reporter, StatusBook, verifySet, type ControlLine, type ReceivedOrder } from '@flotilla/agent';
import {
  helloIntervalMs,
  protocol,
  receiptSchema,
  setSchema,
  type Hello,
  type Report,
  type SetMessage,
} from '@flotilla/contracts';
import {
  done,
  every,
  isoTime,
  jittered,
  type Clock,
  type Outcome,
  type Random,
  type Running,
} from '@flotilla/foundation';
import { intentOf, noFence, type DesiredEntry, type Fence, type TargetStatus } from '@flotilla/model';
import type { FleetIdentity } from './fleet-identity.ts';
import { FleetLine, linePingMs } from './fleet-line.ts';
import type { FleetTally } from './fleet-tally.ts';
import { fleetResources } from './fleet-resources.ts';

export interface FleetAgentOptions {
  readonly identity: FleetIdentity;
  readonly instance: string;
  /** Whether signatures of sets are checked, as every real agent does. */
  readonly verify: boolean;
  readonly tally: FleetTally;
  readonly clock: Clock;
  readonly random: Random;
}

/** A status before it is entered: `since` is the book's own business. */
export type FleetStatus = Omit<TargetStatus, 'since'>;

/** A deployment that the control plane said it has stored. */
export interface ReceiptedDeployment {
  readonly target: string;
  readonly appliedAt: string;
  readonly release: string;
}

/**
 * An agent without a cluster: it takes sets and reports with the product's own rules (what it holds, what it believes,
 * what it repeats), and says of everything at once that it is applied. What it made known is kept, to be held against
 * the database afterwards.
 */
export class FleetAgent implements Running {
  readonly deployments: ReceiptedDeployment[] = [];
  readonly #options: FleetAgentOptions;
  readonly #line: FleetLine;
  readonly #book: StatusBook;
  readonly #reporter: Reporter;
  readonly #statuses = new Map<string, FleetStatus>();
  #held = new HeldSet(undefined);
  #greeting: Running | undefined;
  #pinging: Running | undefined;
  /** The report under way. */
  #said: Report | undefined;
  /** The revisions that targets were ordered to and are not confirmed yet. */
  readonly #settling = new Map<string, string>();

  constructor(options: FleetAgentOptions) {
    const { identity, clock, random, tally } = options;
    this.#options = options;
    this.#book = new StatusBook(clock);
    this.#line = new FleetLine({
      identity,
      clock,
      random,
      onLine: (connected) => this.#lineChanged(connected),
      onStrange: () => {
        tally.counts.strange++;
        tally.moments.lastStrangeAt = clock.now();
      },
      onRefused: (text) => tally.refused(text),
    });
    this.#line.receive((order) => this.#take(order));
    this.#reporter = new Reporter({
      line: this.#overheard(),
      book: this.#book,
      clock,
      random,
      speaker: () => this.#speaker(),
      fence: () => this.#held.fence,
    });
  }

  get cluster(): string {
    return this.#options.identity.cluster;
  }

  /** What it last said, or would say, of each of its targets. */
  get statuses(): readonly FleetStatus[] {
    return [...this.#statuses.values()];
  }

  start(): void {
    const { clock, random } = this.#options;
    const onError = () => undefined;
    this.#line.open();
    this.#greeting = every({
      clock,
      intervalMs: () => jittered(helloIntervalMs, 0.1, random),
      run: async () => this.#greet(),
      onError,
    });
    this.#pinging = every({ clock, intervalMs: linePingMs, run: async () => this.#line.ping(), onError });
  }

  /** Something happens in the cluster: so many targets turn from well to ill, or back. Says how many did. */
  stir(targets: number): number {
    const stirred = this.statuses.filter(({ gone }) => !gone).slice(0, targets);
    for (const { reason: _, ...rest } of stirred) this.#enter({ ...rest, ...(rest.health === 'Healthy' ? ill : well) });
    if (stirred.length > 0) this.#reporter.news();
    return stirred.length;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#greeting?.stop(), this.#pinging?.stop(), this.#reporter.stop(), this.#line.stop()]);
  }

  #lineChanged(connected: boolean): void {
    this.#options.tally.counts.lines += connected ? 1 : -1;
    if (connected) this.#greet();
  }

  #greet(fence: Fence = this.#held.fence): void {
    const hello: Hello = {
      v: protocol.version,
      at: isoTime(this.#options.clock.now()),
      ...this.#speaker(),
      protocol: { oldest: protocol.oldest, newest: protocol.version },
      fence,
      setDigest: this.#held.digest,
      statusDigest: this.#book.storedDigest(),
      facts: { kubernetesVersion: 'v1.34.4', agentVersion: '0.1.0' },
    };
    if (this.#line.send('hello', hello)) this.#options.tally.counts.hellos++;
  }

  #take(order: ReceivedOrder): void {
    if (order.kind === 'receipt') return this.#receipted(order.data);
    if (order.kind !== 'set') return;
    const { tally } = this.#options;
    const read = this.#read(order);
    if (!read.ok) return tally.refused(read.reason);
    const decision = this.#held.decide(read.value);
    if (decision.kind === 'old') return void tally.counts.setsOld++;
    if (decision.kind === 'unmergeable') {
      tally.counts.setsUnmergeable++;
      return read.value.previous === 0 ? tally.refused(decision.why) : this.#greet(noFence);
    }
    tally.counts.sets++;
    this.#held = new HeldSet(decision.set);
    for (const target of decision.changed) this.#apply(target, this.#held.entry(target), order.traceparent);
    this.#reporter.news();
  }

  #read(order: ReceivedOrder): Outcome<SetMessage, string> {
    const { identity, verify } = this.#options;
    if (verify) return verifySet(order, { cluster: identity.cluster, keys: identity.orderKeys });
    return done(setSchema.parse(JSON.parse(Buffer.from(order.data).toString('utf8'))));
  }

  /** Whatever is ordered is done at once; what nobody asks about any more is struck out. */
  #apply(target: string, entry: DesiredEntry | undefined, traceparent: string | undefined): void {
    if (!entry) {
      this.#statuses.delete(target);
      return this.#book.strike(target);
    }
    const { generation, release, sourceDigest, source } = entry;
    const appliedAt = isoTime(this.#options.clock.now());
    const isGone = intentOf(entry) !== 'run';
    const applied = { revision: source.revision, release, sourceDigest, appliedAt };
    const status = { target, generation, ...applied, ...well, resources: isGone ? [] : fleetResources(entry) };
    this.#settling.set(target, source.revision);
    this.#enter(isGone ? { ...status, gone: true } : status, traceparent);
  }

  #enter(status: FleetStatus, traceparent?: string): void {
    this.#book.enter(status, traceparent);
    this.#statuses.set(status.target, status);
    this.#options.tally.counts.transitions++;
  }

  #receipted(data: Uint8Array): void {
    const { tally, clock } = this.#options;
    const said = this.#said;
    // With a receipt the next report may go out at once.
    this.#reporter.heard(data);
    const { number, sendAll } = receiptSchema.parse(JSON.parse(Buffer.from(data).toString('utf8')));
    if (sendAll) tally.counts.askedForAll++;
    // A report that was said again counts once: when its newest form is confirmed.
    if (said?.number !== number) return;
    tally.counts.receipts++;
    tally.moments.lastReceiptAt = clock.now();
    this.#remember(said);
    if (this.#book.unconfirmed({ itemsMax: 1, bytesMax: 1 }).length > 0) return;
    for (const revision of this.#settling.values()) tally.settled(revision, clock.now());
    this.#settling.clear();
  }

  #remember({ items }: Report): void {
    for (const { target, appliedAt, release } of items) {
      const isKnown = this.deployments.some((known) => known.target === target && known.appliedAt === appliedAt);
      if (appliedAt && release && !isKnown) this.deployments.push({ target, appliedAt, release });
    }
  }

  /** The line as the reporter has it, with an ear to what it says. */
  #overheard(): ControlLine {
    const line = this.#line;
    return {
      get connected() {
        return line.connected;
      },
      send: (kind, message, traceparent) => {
        const isSent = line.send(kind, message, traceparent);
        if (isSent) this.#said = message as Report;
        return isSent;
      },
      receive: (handler) => line.receive(handler),
    };
  }

  #speaker() {
    return { instance: this.#options.instance, leaseTransitions: 1 };
  }
}

const well = { sync: 'Synced', health: 'Healthy' } as const;
const ill = {
  sync: 'Synced',
  health: 'Degraded',
  reason: { code: 'CrashLoopBackOff', message: 'Deployment checkout: the container ended with code 1' },
} as const;
