import type { DeliveryRecord, TargetSelection } from '@flotilla/control-delivery';
import type { DesiredEntry } from '@flotilla/model';

interface GivenOrder {
  readonly selection: TargetSelection;
  readonly suspended?: boolean;
  readonly syncRequest?: string;
  /** `open`: the control plane died before it answered, so nobody knows whether it took the order. */
  state: 'open' | 'accepted';
  /** The targets that it was accepted for; one that comes later is another matter. */
  targets?: ReadonlySet<string>;
}

const by = { kind: 'user', id: 'anna' } as never;

/** What people ordered, and what of it was accepted: an accepted order is never lost, doubled or overtaken. */
export class GivenOrders {
  readonly #orders: GivenOrder[] = [];
  #requests = 0;

  async suspend(record: DeliveryRecord, selection: TargetSelection, at: string): Promise<void> {
    const suspension = { by: 'anna', reason: 'looking', since: at };
    await this.#order({ selection, suspended: true, state: 'open' }, () => record.suspend(selection, suspension, by));
  }

  async resume(record: DeliveryRecord, selection: TargetSelection): Promise<void> {
    await this.#order({ selection, suspended: false, state: 'open' }, () => record.suspend(selection, undefined, by));
  }

  async sync(record: DeliveryRecord, selection: TargetSelection): Promise<void> {
    const syncRequest = `request-${++this.#requests}`;
    await this.#order({ selection, syncRequest, state: 'open' }, () => record.requestSync(selection, syncRequest, by));
  }

  /** What contradicts the last accepted orders about a target; what is not known to be accepted counts for nothing. */
  contradictions(entry: DesiredEntry, cluster: string): string[] {
    const about = this.#orders.filter(({ selection, targets }) =>
      targets ? targets.has(entry.target) : selects(selection, entry, cluster),
    );
    const suspension = about.findLast(({ suspended }) => suspended !== undefined);
    const request = about.findLast(({ syncRequest }) => syncRequest !== undefined);
    return [
      ...(suspension?.state === 'accepted' && suspension.suspended !== (entry.suspended !== undefined)
        ? [`suspended is to be ${suspension.suspended}`]
        : []),
      ...(request?.state === 'accepted' && entry.syncRequest !== request.syncRequest
        ? [`the last sync asked for is ${request.syncRequest}, not ${entry.syncRequest}`]
        : []),
    ];
  }

  /** Never waits for an answer: a process that died gives none. */
  async #order(order: GivenOrder, take: () => Promise<readonly { readonly uid: string }[]>): Promise<void> {
    this.#orders.push(order);
    take().then(
      (targets) => {
        order.state = 'accepted';
        order.targets = new Set(targets.map(({ uid }) => uid));
      },
      () => undefined,
    );
  }
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
