import type { CountsView } from '@flotilla/contracts';
import { healthLooks } from '../status/status-looks.ts';
import { healthCounts } from './count-words.ts';
import styles from './fleet.module.css';

/** The parts of a whole as lengths. The numbers beside it say the same in words. */
export function HealthBar({ counts }: { readonly counts: CountsView }) {
  return (
    <span className={styles.bar} aria-hidden="true">
      {healthCounts(counts).map(({ status, number }) => (
        <span key={status} data-tone={healthLooks[status].tone} style={{ flexGrow: number }} />
      ))}
    </span>
  );
}
