import { VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { TargetCountView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { HealthBadge, SyncBadge } from '../status/status-badge.tsx';
import { Commit } from '../text/commit.tsx';
import { visibleText } from '../text/visible-text.ts';
import { troubles, worstOf } from './count-words.ts';
import { HealthBar } from './health-bar.tsx';
import styles from './fleet.module.css';

interface FleetSquareProps {
  readonly count: TargetCountView | undefined;
  /** What its targets shall run, and how many different revisions that is. */
  readonly revision: string | undefined;
  readonly revisions: number;
}

/** One application in one environment: the worst of its targets, the numbers, and the way to all of them. */
export const FleetSquare = memo(function FleetSquare({ count, revision, revisions }: FleetSquareProps) {
  if (!count || count.total === 0) return <NoTargets />;
  const { application, environment, total } = count;
  const { sync, health } = worstOf(count);
  // Of one target alone the badges say it already.
  const trouble = total > 1 ? troubles(count) : [];
  return (
    <td>
      <Link to="/targets" search={{ application, environment }} className={styles.square}>
        <VisuallyHidden>{visibleText(`${application} in ${environment}: `)}</VisuallyHidden>
        <span className={styles.badges}>
          <SyncBadge status={sync} />
          <HealthBadge status={health} />
        </span>
        <HealthBar counts={count} />
        <span className={styles.numbers}>
          <span>{counted(total, 'target')}</span>
          {revisions > 1 ? <span>{revisions} revisions</span> : <Commit id={revision ?? count.revision} />}
        </span>
        {trouble.length > 0 && <span className={styles.trouble}>{trouble.join(' · ')}</span>}
      </Link>
    </td>
  );
});

function NoTargets() {
  return (
    <td className={styles.none}>
      <span aria-hidden="true">–</span>
      <VisuallyHidden>no targets</VisuallyHidden>
    </td>
  );
}
