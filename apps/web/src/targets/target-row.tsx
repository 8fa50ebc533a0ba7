import { Table, VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { TargetView } from '@flotilla/contracts';
import type { Connection } from '@flotilla/model';
import { ConnectionBadge, HealthBadge, SyncBadge } from '../status/status-badge.tsx';
import { Age } from '../text/age.tsx';
import { Commit } from '../text/commit.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { visibleText } from '../text/visible-text.ts';
import styles from './targets.module.css';

interface TargetRowProps {
  readonly target: TargetView;
  /** Whether its cluster is heard now. */
  readonly connection: Connection;
}

/** One target in a line. It is painted again only when it changed. */
export const TargetRow = memo(function TargetRow({ target, connection }: TargetRowProps) {
  const { metadata, spec, status } = target;
  return (
    <Table.Tr>
      <Table.Th scope="row" className={styles.name}>
        <Link to="/targets/$uid" params={{ uid: metadata.uid }} className={styles.story}>
          <ForeignText text={spec.application} />
          <VisuallyHidden>{visibleText(` in ${spec.environment} on ${spec.cluster}`)}</VisuallyHidden>
        </Link>
      </Table.Th>
      <Table.Td className={styles.name}>
        <ForeignText text={spec.environment} />
      </Table.Td>
      <Table.Td className={styles.name}>
        <ForeignText text={spec.cluster} />
        {connection !== 'Connected' && (
          <div>
            <ConnectionBadge connection={connection} />
          </div>
        )}
      </Table.Td>
      <Table.Td>
        <SyncBadge status={status.sync} />
      </Table.Td>
      <Table.Td>
        <HealthBadge status={status.health} />
      </Table.Td>
      <Table.Td>
        <Commit id={status.revision} />
      </Table.Td>
      <Table.Td>
        <Age at={status.since} />
      </Table.Td>
      <Table.Td className={styles.why}>
        <Why target={target} />
      </Table.Td>
    </Table.Tr>
  );
});

/** Why it is as it is, in the words of whoever stopped it or of its agent. */
function Why({ target: { spec, status } }: { readonly target: TargetView }) {
  if (spec.suspended) return <ForeignText text={`Suspended by ${spec.suspended.by}: ${spec.suspended.reason}`} />;
  return status.reason && <ForeignText text={status.reason.message || status.reason.code} />;
}
