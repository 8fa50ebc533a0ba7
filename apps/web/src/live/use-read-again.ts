import { useQuery, type QueryKey, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { systemClock } from '@flotilla/foundation';
import { AtMostEvery } from './at-most-every.ts';

const atMostEveryMs = 2_000;
const readEveryMs = 10_000;

interface ReadAgainOptions<Data> {
  readonly queryKey: QueryKey;
  readonly read: (signal: AbortSignal) => Promise<Data>;
  /** What the stream tells of it: when any of these is another one, it is read again. */
  readonly told: readonly unknown[];
}

/**
 * Something that the stream does not carry whole: read when the stream says that it may have changed, at most every two
 * seconds; and every ten, for what time alone changes. What was read stays on the screen meanwhile.
 */
export function useReadAgain<Data>({ queryKey, read, told }: ReadAgainOptions<Data>): UseQueryResult<Data> {
  const query = useQuery({ queryKey, queryFn: ({ signal }) => read(signal), refetchInterval: readEveryMs });
  const { refetch } = query;
  const often = useRef<AtMostEvery>(undefined);
  useEffect(() => {
    const standing = new AtMostEvery({ clock: systemClock, intervalMs: atMostEveryMs, run: () => refetch() });
    often.current = standing;
    return () => standing.stop();
  }, [refetch]);
  // The first look is the query's own.
  const before = useRef(told);
  useEffect(() => {
    if (told.every((each, index) => each === before.current[index])) return;
    before.current = told;
    often.current?.ask();
  }, [told]);
  return query;
}
