import type { DeliveryRecord, TargetSelection } from '@flotilla/control-delivery';
import type { Clock } from '@flotilla/foundation';
import type { DesiredEntry } from '@flotilla/model';

interface GivenOrder {
  readonly selection: TargetSelection;
  readonly suspended?: boolean;
  readonly syncRequest?: string;
  readonly askedAtMs: number;
  /** It has had its effect by then, or never has it; at any time as long as nobody answered. */
  overAtMs: number;
  /** `open`: the control plane died before it answered, so nobody knows whether it took the order. */
  state: 'open' | 'accepted';
  /** The targets that it was accepted for; one that comes later is another matter. */
  targets?: ReadonlySet<string>;
}

/** How long a transaction may take that outlives the process it was begun by. */
const transactionMaxMs = 3_000;

/** Whoever retries a rollout asks for a sync as well, under a name that nobody knows here. */
const retriedBy = 'retry of ';

const by = { kind: 'user', id: 'anna' } as never;

/**
 * What people ordered, and what of it was accepted: an accepted order is never lost, doubled or overtaken. Which of two
 * comes first is open while both are under way.
 */
export class GivenOrders {
  readonly #clock: Clock;
  readonly #orders: GivenOrder[] = [];
  #requests = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The process that was asked is gone: what it did not answer is never answered. */
  unanswered(): void {
    const overAtMs = this.#clock.now() + transactionMaxMs;
    for (const order of this.#orders) order.overAtMs = Math.min(order.overAtMs, overAtMs);
  }

  async suspend(record: DeliveryRecord, selection: TargetSelection, at: string): Promise<void> {
    const suspension = { by: 'anna', reason: 'looking', since: at };
    await this.#order({ selection, suspended: true }, () => record.suspend(selection, suspension, by));
  }

  async resume(record: DeliveryRecord, selection: TargetSelection): Promise<void> {
    await this.#order({ selection, suspended: false }, () => record.suspend(selection, undefined, by));
  }

  async sync(record: DeliveryRecord, selection: TargetSelection): Promise<void> {
    const syncRequest = `request-${++this.#requests}`;
    await this.#order({ selection, syncRequest }, () => record.requestSync(selection, syncRequest, by));
  }

  /** What contradicts the last accepted orders about a target; what is not known to be accepted counts for nothing. */
  contradictions(entry: DesiredEntry, cluster: string): string[] {
    const about = this.#orders.filter(({ selection, targets }) =>
      targets ? targets.has(entry.target) : selects(selection, entry, cluster),
    );
    const isSuspended = entry.suspended !== undefined;
    const suspensions = lastOf(about.filter(({ suspended }) => suspended !== undefined));
    const requests = lastOf(about.filter(({ syncRequest }) => syncRequest !== undefined));
    const asked = requests.map(({ syncRequest }) => syncRequest);
    const isMet = asked.includes(entry.syncRequest) || entry.syncRequest?.startsWith(retriedBy) === true;
    return [
      ...(suspensions.some(isAccepted) && !suspensions.some(({ suspended }) => suspended === isSuspended)
        ? [`suspended is to be ${!isSuspended}`]
        : []),
      ...(requests.some(isAccepted) && !isMet
        ? [`the last sync asked for is ${asked.join(' or ')}, not ${entry.syncRequest}`]
        : []),
    ];
  }

  /** Never waits for an answer: a process that died gives none. */
  async #order(
    asked: Pick<GivenOrder, 'selection' | 'suspended' | 'syncRequest'>,
    take: () => Promise<readonly { readonly uid: string }[]>,
  ): Promise<void> {
    const order: GivenOrder = { ...asked, askedAtMs: this.#clock.now(), overAtMs: Infinity, state: 'open' };
    this.#orders.push(order);
    const over = () => void (order.overAtMs = Math.min(order.overAtMs, this.#clock.now()));
    take().then((targets) => {
      order.state = 'accepted';
      order.targets = new Set(targets.map(({ uid }) => uid));
      over();
    }, over);
  }
}

function isAccepted({ state }: GivenOrder): boolean {
  return state === 'accepted';
}

/** Those that may be the last of these orders: none that was accepted was given after they were over. */
function lastOf(orders: readonly GivenOrder[]): GivenOrder[] {
  const lastAskedAtMs = Math.max(0, ...orders.filter(isAccepted).map(({ askedAtMs }) => askedAtMs));
  return orders.filter(({ overAtMs }) => overAtMs >= lastAskedAtMs);
}

function selects(
  { application, environment, cluster: selected }: TargetSelection,
  entry: DesiredEntry,
  cluster: string,
) {
  return (
    (application ?? entry.application) === entry.application &&
    (environment ?? entry.environment) === entry.environment &&
    (selected ?? cluster) === cluster
  );
}
