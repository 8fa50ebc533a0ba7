import type { Connection, HealthStatus, SyncStatus } from '@flotilla/model';
import { StatusIcon } from './status-icon.tsx';
import { connectionLooks, connectionMeanings, healthLooks, syncLooks, type StatusLook } from './status-looks.ts';
import styles from './status-badge.module.css';

/** Sync in colour, icon and word. */
export function SyncBadge({ status }: { readonly status: SyncStatus }) {
  return <StatusBadge axis="Sync" word={status} look={syncLooks[status]} />;
}

/** Health in colour, icon and word. */
export function HealthBadge({ status }: { readonly status: HealthStatus }) {
  return <StatusBadge axis="Health" word={status} look={healthLooks[status]} />;
}

/** Whether a cluster is heard, and on hover what that means. */
export function ConnectionBadge({ connection }: { readonly connection: Connection }) {
  const meaning = connectionMeanings[connection];
  return <StatusBadge axis="Connection" word={connection} look={connectionLooks[connection]} hint={meaning} />;
}

interface StatusBadgeProps {
  /** Which question the word answers: `Unknown` alone could be either. */
  readonly axis: string;
  readonly word: string;
  /** Absent for a word that this page is too old to know. */
  readonly look: StatusLook | undefined;
  readonly hint?: string;
}

/** Any status in colour, icon and word. */
export function StatusBadge({ axis, word, look, hint }: StatusBadgeProps) {
  const { tone, icon } = look ?? { tone: 'quiet', icon: 'question' };
  return (
    <span className={styles.badge} data-tone={tone} title={`${axis}: ${hint ?? word}`}>
      <StatusIcon name={icon} />
      <span className={styles.axis}>{axis}: </span>
      {word}
    </span>
  );
}
