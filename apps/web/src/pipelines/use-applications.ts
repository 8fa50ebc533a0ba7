import { useMemo } from 'react';
import { useLive } from '../live/live-context.tsx';

/** The applications that are written down, by name. */
export function useApplications(): readonly string[] {
  const { items } = useLive('document');
  return useMemo(() => {
    const written = [...items.values()].filter(({ kind }) => kind === 'Application');
    return written.map(({ metadata }) => metadata.name).toSorted();
  }, [items]);
}
