import { isoTime } from '@flotilla/foundation';
import { maySync, nextChange, parseWindow, windowsInTheWay, type DesiredEntry, type SyncWindow } from '@flotilla/model';
import type { Explanation } from './explanation.ts';
import type { ReportedStatus, TargetReading } from './fleet-reader.port.ts';

/** What the agent itself says is in the way, and who can do something about it. */
export function explainStatus(target: TargetReading, name: string, now: number): Explanation[] {
  const { entry, status, connection } = target;
  if (!status) return connection === 'Connected' || connection === 'Ahead' ? [unreported] : [];
  const since = isoTime(status.since.getTime());
  if (status.generation < entry.generation) {
    const blockedBy = `the agent last spoke of generation ${status.generation} of ${entry.generation}`;
    return [{ state: 'on its way', blockedBy, since }];
  }
  if (!status.reason || isSaidAbove(entry, status.reason.code)) return [];
  const blockedBy = `${status.reason.code}: ${status.reason.message}`;
  return [{ state: `${status.sync}, ${status.health}`, blockedBy, since, ...wayOut({ entry, status, name, now }) }];
}

const unreported: Explanation = { state: 'waiting', blockedBy: 'the agent has not reported it yet' };

/** What an order of a person did is told with the order, and with who can lift it. */
function isSaidAbove({ suspended, pin, frozen }: DesiredEntry, code: string): boolean {
  const orders = { Suspended: suspended, Pinned: pin, Frozen: frozen };
  return orders[code as keyof typeof orders] !== undefined;
}

interface Stuck {
  readonly entry: DesiredEntry;
  readonly status: ReportedStatus;
  readonly name: string;
  readonly now: number;
}

/** What was set in the cluster is lifted there, and a window opens by itself. */
function wayOut(stuck: Stuck): Pick<Explanation, 'whoCanAct' | 'nextTry'> {
  switch (stuck.status.reason?.code) {
    case 'Window':
      return windowsWayOut(stuck);
    case 'Suspended':
      return {
        whoCanAct: 'whoever takes flotilla.dev/suspend off where it was set: kubectl annotate … flotilla.dev/suspend-',
      };
    case 'Pinned':
      return { whoCanAct: inCluster(stuck, 'pin') };
    case 'HookFailed':
      return { whoCanAct: `whoever may run: flotilla sync target ${stuck.name}` };
    case 'Retreated':
      return { whoCanAct: `whoever brings another release; or whoever may run: flotilla sync target ${stuck.name}` };
    default:
      return {};
  }
}

function inCluster({ entry }: Stuck, annotation: string): string {
  const record = `secret flotilla-target-${entry.target}`;
  return `whoever may run in the cluster: kubectl -n flotilla-system annotate ${record} flotilla.dev/${annotation}-`;
}

function windowsWayOut({ entry, name, now }: Stuck): Pick<Explanation, 'whoCanAct' | 'nextTry'> {
  const windows = (entry.windows ?? []).map((written) => parseWindow(written));
  const read = windows.flatMap((window) => (window.ok ? [window.value] : []));
  const authors = `whoever writes the windows of environment ${entry.environment}`;
  // One that this version cannot read never opens as far as we know.
  if (read.length < windows.length) return { whoCanAct: authors };
  const passes = windowsInTheWay(read, now).every(({ manualSync }) => manualSync);
  const opens = opensAt(read, now);
  return {
    whoCanAct: passes ? `whoever may run: flotilla sync target ${name}` : authors,
    ...(opens !== undefined && { nextTry: isoTime(opens) }),
  };
}

function opensAt(windows: readonly SyncWindow[], now: number): number | undefined {
  const question = { now, manual: false };
  return maySync(windows, question) ? undefined : nextChange(windows, question);
}
