import { useLine } from '../live/live-context.tsx';
import type { LineState } from '../live/live-state.ts';
import { StatusIcon, type IconName } from '../status/status-icon.tsx';
import { timeOfDay } from '../text/exact-time.ts';
import { visibleText } from '../text/visible-text.ts';
import styles from './shell.module.css';

const icons: Readonly<Record<LineState['phase'], IconName>> = { connecting: 'clock', live: 'signal', cut: 'noSignal' };

/** Whether the page hears the control plane. Said aloud when it changes. */
export function LineMarker() {
  const line = useLine();
  const hint = line.phase === 'cut' ? visibleText(`${line.problem}; it is tried again all the time`) : undefined;
  return (
    <output className={styles.line} data-phase={line.phase} title={hint}>
      <StatusIcon name={icons[line.phase]} />
      {lineWords(line)}
    </output>
  );
}

/** `live`, or since when what is shown may be wrong. */
export function lineWords(line: LineState, timeZone?: string): string {
  if (line.phase === 'cut') return `stale since ${timeOfDay(line.staleSinceMs, 'en', timeZone)}`;
  return line.phase === 'live' ? 'live' : 'connecting';
}
