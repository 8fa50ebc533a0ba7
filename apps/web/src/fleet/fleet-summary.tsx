import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { TargetCountView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { HealthBadge, SyncBadge } from '../status/status-badge.tsx';
import { healthCounts, syncCounts, totalOf } from './count-words.ts';
import styles from './fleet.module.css';

/** The fleet in one line; each number leads to the targets that it counts. */
export function FleetSummary({ counts }: { readonly counts: ReadonlyMap<string, TargetCountView> }) {
  const total = useMemo(() => totalOf(counts.values()), [counts]);
  return (
    <nav className={styles.summary} aria-label="Targets by status">
      <Link to="/targets" className={styles.total}>
        {counted(total.total, 'target')}
      </Link>
      {syncCounts(total).map(({ status, number }) => (
        <Link key={status} to="/targets" search={{ sync: status }} className={styles.figure}>
          <SyncBadge status={status} /> {number.toLocaleString('en')}
        </Link>
      ))}
      <span className={styles.divider} aria-hidden="true" />
      {healthCounts(total).map(({ status, number }) => (
        <Link key={status} to="/targets" search={{ health: status }} className={styles.figure}>
          <HealthBadge status={status} /> {number.toLocaleString('en')}
        </Link>
      ))}
    </nav>
  );
}
