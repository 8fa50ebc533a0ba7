import { aheadMaxMs, isOpen, nextEdge, type SyncWindow } from './sync-window.ts';

/** Which sync is asked about. */
export interface SyncQuestion {
  readonly now: number;
  /** A person asked for it. */
  readonly manual: boolean;
  /** When it began, if it runs already. */
  readonly startedAt?: number | undefined;
}

/** Edges between which the same is said that are followed before the answer is "for as long as anybody can see". */
const edgesMax = 500;

/**
 * Whether a sync may run now, as Argo CD decides it: an open deny window forbids; then an open allow window permits;
 * then a closed one forbids; without any window everything may. A person may pass where every window that forbids says
 * so, and a sync that runs may end where every window that would stop it does.
 */
export function maySync(windows: readonly SyncWindow[], question: SyncQuestion): boolean {
  const inTheWay = windowsInTheWay(windows, question.now);
  if (inTheWay.length === 0) return true;
  if (question.manual && inTheWay.every(({ manualSync }) => manualSync)) return true;
  return mayRunOn(windows, inTheWay, question);
}

/**
 * When the answer changes next; `undefined` when it does not in sight. Whatever a person writes, this is soon found out:
 * each edge is looked for once, and none beyond the horizon.
 */
export function nextChange(windows: readonly SyncWindow[], question: SyncQuestion): number | undefined {
  const answer = maySync(windows, question);
  let edges = windows.map((window) => nextEdge(window, question.now) ?? Infinity);
  for (let count = 0; count < edgesMax; count++) {
    const now = Math.min(...edges);
    if (!(now <= question.now + aheadMaxMs)) return undefined;
    if (maySync(windows, { ...question, now }) !== answer) return now;
    edges = edges.map((edge, place) => (edge === now ? (nextEdge(windows[place]!, now) ?? Infinity) : edge));
  }
  return undefined;
}

/** What stops a sync now: open deny windows first, and closed allow windows where none is open. */
export function windowsInTheWay(windows: readonly SyncWindow[], now: number): SyncWindow[] {
  const open = openWindows(windows, now);
  const denying = open.filter(({ kind }) => kind === 'deny');
  if (denying.length > 0 || open.some(({ kind }) => kind === 'allow')) return denying;
  return windows.filter(({ kind }) => kind === 'allow');
}

function openWindows(windows: readonly SyncWindow[], now: number): SyncWindow[] {
  return windows.filter((window) => isOpen(window, now));
}

/** A deny window lets what runs run on by its own word; an allow window that closed does by the word it had at the start. */
function mayRunOn(
  windows: readonly SyncWindow[],
  inTheWay: readonly SyncWindow[],
  { startedAt, manual }: SyncQuestion,
): boolean {
  if (startedAt === undefined || !maySync(windows, { now: startedAt, manual })) return false;
  if (inTheWay.some(({ kind }) => kind === 'deny')) return allOverrun(inTheWay);
  return allOverrun(openWindows(windows, startedAt).filter(({ kind }) => kind === 'allow'));
}

/** Whether each of them lets a sync run on. None of them cannot. */
export function allOverrun(windows: readonly Pick<SyncWindow, 'syncOverrun'>[]): boolean {
  return windows.length > 0 && windows.every(({ syncOverrun }) => syncOverrun);
}
