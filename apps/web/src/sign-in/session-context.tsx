import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, useContext, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { FlotillaClient } from '@flotilla/client';
import { assertThat, toFault } from '@flotilla/foundation';
import { tokenRefused } from './check-token.ts';
import type { SessionStore } from './session-store.ts';
import { SignIn } from './sign-in.tsx';

/** What somebody who is signed in works with. */
export interface Session {
  readonly token: string;
  readonly client: FlotillaClient;
  readonly fetch: typeof globalThis.fetch;
  readonly signOut: () => void;
  /** The control plane no longer takes the token. */
  readonly refuse: () => void;
}

const SessionContext = createContext<Session | undefined>(undefined);

export interface SessionProviderProps {
  readonly store: SessionStore;
  readonly fetch: typeof globalThis.fetch;
  readonly children: ReactNode;
}

/** Shows what is below to whoever is signed in, and the way in to everybody else. */
export function SessionProvider({ store, fetch, children }: SessionProviderProps) {
  const { token, problem } = useSyncExternalStore(store.subscribe, () => store.state);
  const session = useMemo(() => (token ? sessionOf(store, token, fetch) : undefined), [store, token, fetch]);
  const queries = useMemo(() => session && queriesOf(session), [session]);
  if (!session || !queries) return <SignIn fetch={fetch} problem={problem} onToken={(good) => store.signIn(good)} />;
  return (
    <SessionContext value={session}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </SessionContext>
  );
}

/** The session of whoever is signed in. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  assertThat(session, 'somebody is signed in');
  return session;
}

function sessionOf(store: SessionStore, token: string, fetch: typeof globalThis.fetch): Session {
  return {
    token,
    fetch,
    client: new FlotillaClient({ server: '', token, fetch }),
    signOut: () => store.signOut(),
    refuse: () => store.signOut(tokenRefused),
  };
}

/** What was read with one token is never shown to the bearer of another. */
function queriesOf({ refuse }: Session): QueryClient {
  const onError = (error: Error) => {
    if (toFault(error).code === 'unauthenticated') refuse();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    defaultOptions: { queries: { retry: worthRetrying, staleTime: 10_000, refetchOnWindowFocus: false } },
  });
}

function worthRetrying(failures: number, error: Error): boolean {
  return failures < 2 && toFault(error).consequence.kind !== 'stall';
}
