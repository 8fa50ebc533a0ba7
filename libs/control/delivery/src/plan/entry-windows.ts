import { concerns, type DesiredEntry, type EnvironmentWindow, type ScopedTarget } from '@flotilla/model';

/**
 * The windows of an environment that concern one target, as its agent reads them. One without any list concerns all that
 * runs in the environment, which chose its clusters already.
 */
export function entryWindows(
  windows: readonly EnvironmentWindow[],
  target: ScopedTarget,
): NonNullable<DesiredEntry['windows']> {
  const concerning = windows.filter((window) => isForAll(window) || concerns(window, target));
  return concerning.map(({ allow, deny, duration, timeZone, manualSync, syncOverrun }) => ({
    kind: allow === undefined ? 'deny' : 'allow',
    schedule: allow ?? deny ?? '',
    duration,
    ...(timeZone && { timeZone }),
    ...(manualSync && { manualSync }),
    ...(syncOverrun && { syncOverrun }),
  }));
}

function isForAll({ applications = [], namespaces = [], clusters = [] }: EnvironmentWindow): boolean {
  return applications.length === 0 && namespaces.length === 0 && clusters.length === 0;
}
