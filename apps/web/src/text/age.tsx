import { useSyncExternalStore } from 'react';
import { formatAge, systemClock } from '@flotilla/foundation';
import { Hint } from './hint.tsx';
import { exactTime } from './exact-time.ts';
import { Ticker } from './ticker.ts';

const seconds = new Ticker({ clock: systemClock, intervalMs: 1_000 });

/** How long ago something was, growing while one looks; the exact time, local and UTC, on hover or focus. */
export function Age({ at, inFocusOrder = false }: { readonly at: string; readonly inFocusOrder?: boolean }) {
  return (
    <Hint text={exactTime(at)} inFocusOrder={inFocusOrder}>
      <time dateTime={at}>
        <GrowingAge at={at} />
      </time>
    </Hint>
  );
}

function GrowingAge({ at }: { readonly at: string }) {
  const age = () => ageText(at, seconds.nowMs);
  return useSyncExternalStore(seconds.subscribe, age, age);
}

/** `5m12s ago`; what a clock that runs ahead of ours says is `0s ago`. */
export function ageText(at: string, nowMs: number): string {
  const then = Date.parse(at);
  return Number.isNaN(then) ? 'unknown' : `${formatAge(nowMs - then)} ago`;
}
