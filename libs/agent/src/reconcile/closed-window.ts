import { isoTime } from '@flotilla/foundation';
import {
  maySync,
  nextChange,
  parseWindow,
  windowsInTheWay,
  type DesiredEntry,
  type SyncQuestion,
  type SyncWindow,
} from '@flotilla/model';
import type { TargetMemory } from './target-memory.ts';

type WrittenWindow = NonNullable<DesiredEntry['windows']>[number];

/** Why no sync of a target may run now. */
export interface ClosedWindow {
  readonly message: string;
  /** For how long; never ending in sight where it is not said. */
  readonly forMs?: number | undefined;
}

/**
 * The window that keeps a target from being written now, by Argo CD's rules: taking back a change is a sync, pruning and
 * deleting are as well. Decided here and by our own clock, so that it holds with the control plane gone. What a person
 * goes back to, by a pin in the cluster or by order, is no sync: it passes.
 */
export function closedWindow(memory: TargetMemory, now: number): ClosedWindow | undefined {
  const { entry, syncStartedAt: startedAt } = memory;
  const written = entry?.windows ?? [];
  if (written.length === 0 || memory.isWayBack) return undefined;
  const windows = new Map<SyncWindow, WrittenWindow>();
  for (const each of written) {
    const read = parseWindow(each);
    if (!read.ok) return { message: `closed: a window cannot be read here: ${read.reason}; upgrade the agent` };
    windows.set(read.value, each);
  }
  const manual = memory.isManual || memory.isAsked || entry!.deletedBy !== undefined;
  const question: SyncQuestion = { now, manual, startedAt };
  const all = [...windows.keys()];
  return maySync(all, question) ? undefined : closedNow(windows, question);
}

function closedNow(windows: ReadonlyMap<SyncWindow, WrittenWindow>, question: SyncQuestion): ClosedWindow {
  const all = [...windows.keys()];
  const inTheWay = windowsInTheWay(all, question.now);
  const until = nextChange(all, question);
  const end = until === undefined ? 'no time that can be told' : isoTime(until);
  const names = inTheWay.map((window) => windowText(windows.get(window)!)).join(', ');
  const passes = inTheWay.every(({ manualSync }) => manualSync) ? '; flotilla sync passes' : '';
  return { message: `closed until ${end} by ${names}${passes}`, forMs: until && until - question.now };
}

function windowText({ kind, schedule, duration, timeZone = 'UTC' }: WrittenWindow): string {
  return `${kind} "${schedule}" for ${duration} (${timeZone})`;
}
