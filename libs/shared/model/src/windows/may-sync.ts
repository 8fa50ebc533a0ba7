import { isOpen, nextEdge, type SyncWindow } from './sync-window.ts';

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

/** When the answer changes next; `undefined` when it does not in sight. */
export function nextChange(windows: readonly SyncWindow[], question: SyncQuestion): number | undefined {
  const answer = maySync(windows, question);
  let now: number | undefined = question.now;
  for (let edges = 0; edges < edgesMax; edges++) {
    now = nextEdgeOf(windows, now);
    if (now === undefined) return undefined;
    if (maySync(windows, { ...question, now }) !== answer) return now;
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

function nextEdgeOf(windows: readonly SyncWindow[], now: number): number | undefined {
  const edges = windows.map((window) => nextEdge(window, now)).filter((edge) => edge !== undefined);
  return edges.length > 0 ? Math.min(...edges) : undefined;
}
