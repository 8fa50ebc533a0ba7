/** Who is using the page: nobody (perhaps because a token was refused), or the bearer of a token. */
export interface SessionState {
  readonly token: string | undefined;
  /** Why the last token is no longer used, in a sentence. */
  readonly problem: string | undefined;
}

const storageKey = 'flotilla-token';

/**
 * Keeps the token for as long as this tab is open, in its session storage and nowhere else: no cookie that another page
 * could make the browser send, no address that ends up in a log.
 */
export class SessionStore {
  readonly #storage: Storage;
  readonly #listeners = new Set<() => void>();
  #state: SessionState;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#state = { token: storage.getItem(storageKey) ?? undefined, problem: undefined };
  }

  get state(): SessionState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  signIn(token: string): void {
    this.#storage.setItem(storageKey, token);
    this.#change({ token, problem: undefined });
  }

  signOut(problem?: string): void {
    this.#storage.removeItem(storageKey);
    this.#change({ token: undefined, problem });
  }

  #change(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
