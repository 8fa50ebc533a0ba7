import { isoTime, parseDuration, type Clock } from '@flotilla/foundation';
import type { DesiredEntry } from '@flotilla/model';
import type { Awaited } from './awaited.ts';
import type { TargetMemory } from './target-memory.ts';

/** A wait with its bounds. One that is late is a failure that a person should see; it ends when what it waits for comes. */
export interface Wait extends Awaited {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly isLate: boolean;
}

/** A target that waits, and for how long before that is late. */
export interface Blocked {
  readonly name: 'Blocked';
  readonly wait: Wait;
  readonly forMs: number;
}

/** As long as a rollout may stand still: who waits longer for a workload waits for one that does not come. */
export const defaultDeadlineMs = 900_000;

/** How long things of this target are waited for. What cannot be read is not waited for longer than what is not said. */
export function deadlineMs({ sync: { deadline } }: Pick<DesiredEntry, 'sync'>): number {
  return (deadline === undefined ? undefined : parseDuration(deadline)) ?? defaultDeadlineMs;
}

/** The wait as it stands now. It began when it was first seen, whatever else within it was waited for since. */
function waitFor(memory: TargetMemory, awaited: Awaited, { clock }: { clock: Clock }): Wait {
  const now = clock.now();
  const sinceMs = awaited.sinceMs ?? memory.waits.get(waitName(memory, awaited)) ?? now;
  const untilMs = awaited.untilMs ?? sinceMs + deadlineMs(memory.entry!);
  return { ...awaited, sinceMs, untilMs, isLate: now >= untilMs };
}

/** The state of who waits. */
export function blockedBy(awaited: Awaited, { memory, clock }: { memory: TargetMemory; clock: Clock }): Blocked {
  const wait = waitFor(memory, awaited, { clock });
  return { name: 'Blocked', wait, forMs: wait.isLate ? Number.POSITIVE_INFINITY : wait.untilMs - clock.now() };
}

/** Remembers that it waits, and forgets what it waited for before. */
export function rememberWait(memory: TargetMemory, wait: Wait): void {
  memory.waits = new Map([[waitName(memory, wait), wait.sinceMs]]);
}

/** A newer order begins to wait anew. */
function waitName({ entry }: TargetMemory, { what }: Awaited): string {
  return `${entry!.release} ${entry!.sourceDigest} ${entry!.syncRequest ?? ''} ${what}`;
}

/** `wave 2 waits for Deployment apps/web: 1 of 3 replicas are ready (since …, until …)` */
export function waitText({ what, on, why, sinceMs, untilMs, isLate }: Wait): string {
  const [since, until] = [isoTime(sinceMs), isoTime(untilMs)];
  if (isLate) return `${what} waited until ${until} for ${on}: ${why}; it goes on when that is well`;
  return `${what} waits for ${on}: ${why} (since ${since}, until ${until})`;
}
