import {
  allOverrun,
  concerns,
  isOpen,
  maySync,
  parseWindow,
  type SyncWindow,
  type WindowScope,
  type WrittenWindow,
} from '@flotilla/model';
import type { Adapter, PeerCase } from './peer-case.ts';

/** May this sync now? In Argo CD's words. */
export const syncWindow: Adapter = (peerCase) => modes[peerCase.mode ?? '']?.(peerCase);

const modes: Readonly<Record<string, Adapter>> = {
  active: (peerCase) => indexesWhere(peerCase, (window, now) => isOpen(window, now)),
  inactiveAllows: (peerCase) =>
    indexesWhere(peerCase, (window, now) => window.kind === 'allow' && !isOpen(window, now)),
  windowActive: (peerCase) => {
    const windows = windowsOf(peerCase);
    const actual = windows ? { active: isOpen(windows[0]!, nowOf(peerCase)) } : { active: false, error: true };
    return { expected: peerCase.expected, actual };
  },
  canSync: (peerCase) => {
    const windows = windowsOf(peerCase);
    const startedAt = 'operationStart' in peerCase ? Date.parse(peerCase['operationStart'] as string) : undefined;
    const question = { now: nowOf(peerCase), manual: peerCase['manual'] === true, startedAt };
    const actual = windows ? { canSync: maySync(windows, question) } : { canSync: false, error: true };
    return { expected: peerCase.expected, actual };
  },
  denyAllowsOverrun: ({ windows, expected }) => {
    const denying = (windows as WrittenWindow[]).filter(({ kind }) => kind === 'deny');
    const overruns = denying.map(({ syncOverrun = false }) => ({ syncOverrun }));
    return { expected: expected?.['denyAllowsOverrun'], actual: allOverrun(overruns) };
  },
  matches: ({ window, app, expected }) => {
    const { name, namespace, cluster, clusterName } = app as Record<string, string>;
    const clusters = [cluster, clusterName].filter((each) => each !== undefined);
    const target = { application: name ?? '', namespace: namespace ?? '', clusters };
    return { expected: expected?.['matches'], actual: concerns(window as WindowScope, target) };
  },
  validate: ({ window, expected }) => ({
    expected: expected?.['ok'],
    actual: parseWindow(window as WrittenWindow).ok,
  }),
};

function indexesWhere(peerCase: PeerCase, holds: (window: SyncWindow, now: number) => boolean) {
  const windows = windowsOf(peerCase) ?? [];
  const indexes = windows.flatMap((window, index) => (holds(window, nowOf(peerCase)) ? [index] : []));
  return { expected: peerCase.expected?.['indexes'], actual: indexes };
}

/** All of them, or nothing when one of them cannot be read. */
function windowsOf({ windows }: PeerCase): SyncWindow[] | undefined {
  const parsed = (windows as WrittenWindow[]).map(parseWindow);
  return parsed.every(({ ok }) => ok) ? parsed.flatMap((each) => (each.ok ? [each.value] : [])) : undefined;
}

function nowOf({ now }: PeerCase): number {
  return Date.parse(now as string);
}
