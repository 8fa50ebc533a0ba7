import type { Identity, IdentityKeeper } from './identity-keeper.ts';

/** Who this agent is right now. What changes is kept in the cluster first and acted on afterwards, one after another. */
export class HeldIdentity {
  readonly #keeper: Pick<IdentityKeeper, 'save'>;
  #current: Identity;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(identity: Identity, keeper: Pick<IdentityKeeper, 'save'>) {
    this.#current = identity;
    this.#keeper = keeper;
  }

  get current(): Identity {
    return this.#current;
  }

  /** `undefined` leaves it as it is. */
  change(change: (identity: Identity) => Identity | undefined): Promise<Identity> {
    const changed = this.#changing.then(() => this.#change(change));
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  async #change(change: (identity: Identity) => Identity | undefined): Promise<Identity> {
    const next = change(this.#current);
    if (!next) return this.#current;
    await this.#keeper.save(next);
    this.#current = next;
    return next;
  }
}
