import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { ClusterView, CountsView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { troubles } from '../fleet/count-words.ts';
import { ConnectionBadge } from '../status/status-badge.tsx';
import { Age } from '../text/age.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { fenceWords } from './fence-words.ts';
import styles from './clusters.module.css';

interface ClusterRowProps {
  readonly cluster: ClusterView;
  /** Its targets in numbers; absent when it has none. */
  readonly counts: CountsView | undefined;
}

/** One cluster in a line. It is painted again only when it changed. */
export const ClusterRow = memo(function ClusterRow({ cluster, counts }: ClusterRowProps) {
  const { metadata, spec, status } = cluster;
  const fence = fenceWords(status.fence, status.agentFence);
  return (
    <Table.Tr>
      <Table.Th scope="row" className={styles.whole}>
        <ForeignText text={metadata.name} />
      </Table.Th>
      <Table.Td>
        <ConnectionBadge connection={status.connection} />
        {status.alarm && (
          <output className={styles.alarm}>
            {status.alarm.code}: <ForeignText text={status.alarm.message} />
          </output>
        )}
      </Table.Td>
      <Table.Td className={styles.whole}>
        <LastSeen status={status} />
      </Table.Td>
      <Table.Td className={styles.whole}>
        <Link to="/targets" search={{ cluster: metadata.name }}>
          {counted(counts?.total ?? 0, 'target')}
        </Link>
        {counts && <div className={styles.small}>{troubles(counts).join(' · ')}</div>}
      </Table.Td>
      <Table.Td className={styles.whole}>
        <Version facts={status.facts} />
      </Table.Td>
      <Table.Td>
        <Labels labels={spec.labels} />
      </Table.Td>
      <Table.Td className={styles.fence}>
        {fence.desired}
        {fence.note && <div className={styles.small}>{fence.note}</div>}
      </Table.Td>
    </Table.Tr>
  );
});

/** A cluster that is heard was seen just now: it says hello every few seconds, and not each of them is told here. */
function LastSeen({ status: { connection, lastSeenAt } }: { readonly status: ClusterView['status'] }) {
  if (connection === 'Connected') return 'now';
  return lastSeenAt ? <Age at={lastSeenAt} /> : 'never';
}

function Version({ facts }: { readonly facts: ClusterView['status']['facts'] }) {
  if (!facts) return <span className={styles.small}>not reported</span>;
  const { kubernetesVersion, agentVersion, provider, nodes } = facts;
  const more = [`agent ${agentVersion}`, provider, nodes !== undefined && counted(nodes, 'node')].filter(Boolean);
  return (
    <>
      <ForeignText text={kubernetesVersion} />
      <div className={styles.small}>
        <ForeignText text={more.join(' · ')} />
      </div>
    </>
  );
}

function Labels({ labels }: { readonly labels: Readonly<Record<string, string>> }) {
  return (
    <ul className={styles.labels}>
      {Object.entries(labels).map(([name, value]) => (
        <li key={name}>
          <ForeignText text={value ? `${name}=${value}` : name} />
        </li>
      ))}
    </ul>
  );
}
