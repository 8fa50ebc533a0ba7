import { createContext, useContext, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { assertThat, systemClock, systemRandom } from '@flotilla/foundation';
import { useSession } from '../sign-in/session-context.tsx';
import { nextBrowserFrame } from './frames.ts';
import { LiveFleet } from './live-fleet.ts';
import type { Known, LineState, LiveKind, LiveNouns, LiveState } from './live-state.ts';

const LiveContext = createContext<LiveFleet | undefined>(undefined);

/** Follows one project for everything below it. */
export function LiveProvider({ project, children }: { readonly project: string; readonly children: ReactNode }) {
  const { token, fetch, refuse } = useSession();
  const fleet = useMemo(() => {
    const ports = { fetch, clock: systemClock, random: systemRandom, nextFrame: nextBrowserFrame };
    return new LiveFleet({ token, project, ...ports, onRefused: refuse });
  }, [token, project, fetch, refuse]);
  useEffect(() => {
    const following = fleet.follow();
    return () => void following.stop();
  }, [fleet]);
  return <LiveContext value={fleet}>{children}</LiveContext>;
}

/** Everything that is known of one kind; whoever uses it is painted again only when that kind changed. */
export function useLive<Kind extends LiveKind>(kind: Kind): Known<LiveNouns[Kind]> {
  return useLiveState((state) => state[kind] as Known<LiveNouns[Kind]>);
}

/** Whether what is shown is what is. */
export function useLine(): LineState {
  return useLiveState((state) => state.line);
}

function useLiveState<Part>(pick: (state: LiveState) => Part): Part {
  const fleet = useContext(LiveContext);
  assertThat(fleet, 'the page follows a project');
  const part = () => pick(fleet.state);
  return useSyncExternalStore(fleet.subscribe, part, part);
}
