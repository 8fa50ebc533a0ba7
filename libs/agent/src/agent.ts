import { helloIntervalMs, protocol, type Hello } from '@flotilla/contracts';
import { every, isoTime, jittered, toFault, type Running } from '@flotilla/foundation';
import { noFence, type DesiredEntry, type DesiredSet, type Fence } from '@flotilla/model';
import type { AgentFigures, AgentOptions } from './agent-options.ts';
import { TakenForms } from './apply/taken-forms.ts';
import { HeldIdentity } from './keep/held-identity.ts';
import { IdentityKeeper } from './keep/identity-keeper.ts';
import { RecordKeeper } from './keep/record-keeper.ts';
import { SetKeeper } from './keep/set-keeper.ts';
import { leasedCluster } from './leased-cluster.ts';
import { Claims } from './live/claims.ts';
import { GoneKinds } from './live/gone-kinds.ts';
import { KeptNamespaces } from './live/kept-namespaces.ts';
import { LiveObjects } from './live/live-objects.ts';
import { Suspensions } from './live/suspensions.ts';
import { agentObjects } from './names.ts';
import { OrderDesk } from './orders/order-desk.ts';
import { IdentityRenewal } from './orders/renewal.ts';
import { StandAside } from './orders/stand-aside.ts';
import { readUserJwt } from './orders/user-jwt.ts';
import type { ControlLine, ReceivedOrder } from './ports/control-line.port.ts';
import { noRenderCache } from './ports/render-cache.port.ts';
import { RenderDesk } from './render/render-desk.ts';
import { Reconciler } from './reconcile/reconcile.ts';
import { Reporter } from './report/reporter.ts';
import { StatusBook } from './report/status-book.ts';
import { Upgrader } from './upgrade/upgrader.ts';

/**
 * The agent of one cluster. It needs the cluster's API server and nothing else: from what it keeps there it goes on
 * with control plane, broker and Git all gone, and catches up when they are back.
 */
export class Agent implements Running {
  readonly reconciler: Reconciler;
  readonly #options: AgentOptions;
  readonly #records: RecordKeeper;
  readonly #sets: SetKeeper;
  readonly #book: StatusBook;
  readonly #live: LiveObjects;
  readonly #namespaces: KeptNamespaces;
  readonly #suspensions: Suspensions;
  readonly #reporter: Reporter;
  readonly #upgrader: Upgrader;
  readonly #identity: HeldIdentity;
  readonly #aside: StandAside;
  #renewal: IdentityRenewal | undefined;
  #desk: OrderDesk | undefined;
  #greeting: Running | undefined;

  constructor(options: AgentOptions) {
    const { lease, namespace, clock, random, sources, identity, facts, tracer, onEvent } = options;
    const { renderer, renderCache: cache = noRenderCache } = options;
    const cluster = leasedCluster(options.cluster, lease);
    this.#options = options;
    this.#records = new RecordKeeper(cluster, namespace);
    this.#sets = new SetKeeper(cluster, namespace);
    this.#book = new StatusBook(clock);
    this.#identity = new HeldIdentity(identity, new IdentityKeeper(cluster, namespace));
    this.#aside = new StandAside({ instance: options.instance, clock, onChange: () => this.#stoodAside() });
    const claims = new Claims();
    this.#live = new LiveObjects({
      cluster,
      clock,
      onChange: ({ id, target }) => this.reconciler.look(claims.holder(id) ?? target ?? ''),
    });
    this.#namespaces = new KeptNamespaces({
      cluster,
      clock,
      onChange: (name) => this.reconciler.lookIn(name),
    });
    this.#suspensions = new Suspensions({
      cluster,
      namespace,
      onChange: (target) => (target === undefined ? this.reconciler.lookAtAll() : this.reconciler.look(target)),
      onRecordLost: (target) => this.reconciler.recordLost(target),
      aside: () => this.#aside.reason,
    });
    this.#reporter = new Reporter({
      line: this.#voice(),
      book: this.#book,
      clock,
      random,
      speaker: () => this.#speaker(),
      fence: () => this.#desk?.held.fence ?? noFence,
      onReceipt: () => this.#upgrader.proven(),
    });
    this.#upgrader = this.#makeUpgrader();
    this.reconciler = new Reconciler({
      ports: {
        cluster,
        sources,
        records: this.#records,
        live: this.#live,
        namespaces: this.#namespaces,
        goneKinds: new GoneKinds({ cluster, clock }),
        claims,
        suspensions: this.#suspensions,
        clock,
        namespace,
        renderKey: identity.renderKey,
        renders: new RenderDesk({ renderer, cache, key: identity.renderKey, clock }),
        taken: new TakenForms(clock),
        hearing: this.#reporter,
        facts,
      },
      random,
      tracer,
      onStatus: (status, traceparent) => {
        if (this.#book.enter(status, traceparent)) this.#reporter.news();
      },
      onFault: (target, fault) => onEvent({ kind: 'target-fault', target, fault }),
    });
  }

  /** Recalls what the cluster keeps, goes on from there, and only then listens. */
  async start(): Promise<void> {
    const { line, onEvent } = this.#options;
    await this.#suspensions.synced;
    const set = await this.#sets.load((fault) =>
      onEvent({ kind: 'record-unreadable', name: agentObjects.heldSet, fault }),
    );
    const records = await this.#records.load((name, fault) => onEvent({ kind: 'record-unreadable', name, fault }));
    for (const record of records) this.reconciler.recall(record);
    this.#desk = this.#openDesk(set);
    onEvent({ kind: 'recalled', targets: records.length, generation: this.#desk.held.fence.generation });
    for (const entry of this.#desk.held.entries) this.reconciler.order(entry.target, entry);
    for (const { target } of records) if (!this.#desk.held.entry(target)) this.reconciler.order(target, undefined);
    this.#renewal = this.#openRenewal();
    line.receive((order) => this.#received(order));
    await this.#upgrader.start(this.#desk.held.agent);
    const { clock, random } = this.#options;
    this.#greeting = every({
      clock,
      intervalMs: () => jittered(helloIntervalMs, 0.1, random),
      run: async () => this.greet(),
      onError: () => undefined,
    });
  }

  /**
   * Says that we are here and what we hold; whoever has something newer will send it. Who says that he holds nothing is
   * sent everything.
   */
  greet(fence: Fence = this.#desk!.held.fence): void {
    const { clock, facts } = this.#options;
    const { digest } = this.#desk!.held;
    const hello: Hello = {
      // In the oldest version, so that whoever is older or newer can read which ones are spoken here.
      v: protocol.oldest,
      at: isoTime(clock.now()),
      ...this.#speaker(),
      protocol: { oldest: protocol.oldest, newest: protocol.version },
      fence,
      setDigest: digest,
      statusDigest: this.#book.storedDigest(),
      facts: facts(),
      upgrade: this.#upgrader.progress,
      userKey: readUserJwt(this.#identity.current.userJwt)?.userKey,
      keyList: this.#identity.current.keyList ?? 0,
    };
    this.#voice().send('hello', hello);
  }

  /** What it was ordered to run last, as it keeps it. */
  get heldEntries(): readonly DesiredEntry[] {
    return this.#desk?.held.entries ?? [];
  }

  get figures(): AgentFigures {
    return {
      fence: this.#desk?.held.fence ?? noFence,
      statuses: this.#book.statuses,
      unconfirmed: this.#book.unconfirmedCount,
      recordSizes: [...this.#records.sizes.values()],
    };
  }

  /** Why it may change nothing right now, because another one speaks for this cluster. */
  get standsAside(): string | undefined {
    return this.#aside.reason?.reason;
  }

  async stop(): Promise<void> {
    await this.#greeting?.stop();
    await this.#upgrader.stop();
    await Promise.all([this.#renewal?.stop(), this.#aside.stop()]);
    await this.#reporter.stop();
    await this.reconciler.stop();
    await Promise.all([this.#live.stop(), this.#namespaces.stop(), this.#suspensions.stop()]);
  }

  #openDesk(set: DesiredSet | undefined): OrderDesk {
    const { cluster, line, clock, onEvent } = this.#options;
    return new OrderDesk(
      {
        identity: this.#identity,
        sets: this.#sets,
        cluster,
        line,
        clock,
        memory: (target) => this.reconciler.memory(target),
        foresee: (entry, signal) => this.reconciler.foresee(entry, signal),
        onEntry: (target, entry, traceparent) => {
          if (!entry) this.#book.strike(target);
          this.reconciler.order(target, entry, traceparent);
        },
        onAgent: (agent) => this.#upgrader.wish(agent),
        onUnmergeable: () => {
          onEvent({ kind: 'set-unmergeable' });
          this.greet(noFence);
        },
        onRefused: (order, why) => onEvent({ kind: 'order-refused', order, why }),
        onKeys: () => {
          onEvent({ kind: 'keys-changed', list: this.#identity.current.keyList ?? 0 });
          this.greet();
        },
      },
      set,
    );
  }

  #makeUpgrader(): Upgrader {
    const { cluster, home, clock, lease, line, onEvent } = this.#options;
    return new Upgrader({
      cluster,
      home,
      clock,
      lease,
      line,
      allSaid: () => this.#book.hasSaid(this.heldEntries.map(({ target }) => target)),
      onNews: () => this.greet(),
      onProofNeeded: () => this.#reporter.askForReceipt(),
      onStep: (step) => onEvent({ kind: 'upgrade', step }),
      onError: (error) => onEvent({ kind: 'upgrade-fault', fault: toFault(error) }),
    });
  }

  #openRenewal(): IdentityRenewal | undefined {
    const { renewal, kubernetesUid = 'unknown', lease, clock, random, onEvent } = this.#options;
    if (!renewal) return undefined;
    return new IdentityRenewal({
      ...renewal,
      identity: this.#identity,
      kubernetesUid,
      line: this.#voice(),
      mayAsk: () => lease.isHeld,
      clock,
      random,
      onRenewed: (identity) => {
        onEvent({ kind: 'identity-renewed', expiresAt: identity.expiresAt });
        renewal.onRenewed(identity);
      },
      onRefused: (why) => onEvent({ kind: 'identity-not-renewed', why }),
    });
  }

  #received(order: ReceivedOrder): void {
    if (order.kind === 'credential') {
      const failed = (error: unknown) =>
        this.#options.onEvent({ kind: 'identity-not-renewed', why: toFault(error).message });
      void this.#renewal?.take(order).catch(failed);
    } else if (order.kind === 'receipt') {
      this.#aside.heard(order.data);
      this.#reporter.heard(order.data);
    } else this.#desk!.take(order);
  }

  #stoodAside(): void {
    this.#options.onEvent({ kind: 'aside', why: this.standsAside });
    this.reconciler.lookAtAll();
  }

  /** Only who holds the Lease may speak for the cluster. */
  #voice(): ControlLine {
    const { line, lease } = this.#options;
    return {
      get connected() {
        return line.connected;
      },
      get refused() {
        return line.refused ?? false;
      },
      send: (kind, message, traceparent) => lease.isHeld && line.connected && line.send(kind, message, traceparent),
      receive: (handler) => line.receive(handler),
    };
  }

  #speaker() {
    const { instance, kubernetesUid, lease } = this.#options;
    return { instance, leaseTransitions: lease.transitions, ...(kubernetesUid && { kubernetesUid }) };
  }
}
