import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { TargetView } from '@flotilla/contracts';
import { DataTable } from '../../notes/data-table.tsx';
import { WordsCell } from '../../notes/words-cell.tsx';
import { PhaseBadge } from '../../status/delivery-badges.tsx';
import { HealthBadge } from '../../status/status-badge.tsx';
import { clockTime } from '../../text/exact-time.ts';
import { ForeignText } from '../../text/foreign-text.tsx';
import type { FailedMember, Member } from './course-waves.ts';
import styles from './course.module.css';

const columns = ['Cluster', 'Phase', 'Health', 'Why'];

interface MemberTableProps {
  readonly label: string;
  readonly members: readonly (Member | FailedMember)[];
  readonly targets: ReadonlyMap<string, TargetView>;
}

/** Clusters of a rollout, and where each of them is. */
export function MemberTable({ label, members, targets }: MemberTableProps) {
  return (
    <DataTable label={label} columns={columns}>
      {members.map((member) => (
        <MemberRow key={member.cluster} member={member} target={targets.get(member.cluster)} />
      ))}
    </DataTable>
  );
}

interface MemberRowProps {
  readonly member: Member | FailedMember;
  /** Absent where the target has left meanwhile. */
  readonly target: TargetView | undefined;
}

const MemberRow = memo(function MemberRow({ member, target }: MemberRowProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row" className={styles.whole}>
        <ClusterName cluster={member.cluster} target={target} />
        {'wave' in member && (
          <div className={styles.small}>
            wave <ForeignText text={member.wave} />
          </div>
        )}
      </Table.Th>
      <Table.Td>
        <PhaseBadge phase={member.phase} />
      </Table.Td>
      <Table.Td>{target && <HealthBadge status={target.status.health} />}</Table.Td>
      <WordsCell text={whyOf(member, target)} />
    </Table.Tr>
  );
});

/** Leads to the whole story of its target. */
function ClusterName({ cluster, target }: { readonly cluster: string; readonly target: TargetView | undefined }) {
  if (!target) return <ForeignText text={cluster} />;
  return (
    <Link to="/targets/$uid" params={{ uid: target.metadata.uid }} className={styles.cluster}>
      <ForeignText text={cluster} />
    </Link>
  );
}

/** Why it is there and until when time alone keeps it; of what is well there is nothing to say. */
function whyOf({ phase, reason, until }: Member, target: TargetView | undefined): string | undefined {
  const why = reason ?? (phase === 'Done' || phase === 'Waiting' ? undefined : target?.status.reason);
  const parts = [why && (why.message || why.code), until && `until ${clockTime(until)}`];
  return parts.filter(Boolean).join(', ') || undefined;
}
