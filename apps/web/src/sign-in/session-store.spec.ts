import { expect, it } from 'vitest';
import { SessionStore, type SessionState } from './session-store.ts';

/** The storage of a tab. */
class TabStorage {
  readonly #kept = new Map<string, string>();
  getItem = (key: string) => this.#kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.#kept.set(key, value);
  removeItem = (key: string) => void this.#kept.delete(key);
}

it('a token lives as long as its tab, and a refused one leaves its reason behind', () => {
  const tab = new TabStorage() as unknown as Storage;
  const store = new SessionStore(tab);
  const story: SessionState[] = [store.state];
  const stop = store.subscribe(() => story.push(store.state));
  store.signIn('t1');
  const reloaded = new SessionStore(tab).state;
  store.signOut('This token has expired.');
  stop();
  store.signIn('t2');
  store.signOut();
  expect({ story, reloaded, left: new SessionStore(tab).state }).toEqual({
    story: [
      { token: undefined, problem: undefined },
      { token: 't1', problem: undefined },
      { token: undefined, problem: 'This token has expired.' },
    ],
    reloaded: { token: 't1', problem: undefined },
    left: { token: undefined, problem: undefined },
  });
});
