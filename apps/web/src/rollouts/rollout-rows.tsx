import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { RolloutView } from '@flotilla/contracts';
import { WordsCell } from '../notes/words-cell.tsx';
import { RolloutBadge } from '../status/delivery-badges.tsx';
import { Age } from '../text/age.tsx';
import { Commit } from '../text/commit.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { progressText, type Progress } from './progress.ts';
import { ProgressBar } from './progress-bar.tsx';
import { placeName } from './rollout-order.ts';
import styles from './rollouts.module.css';

interface OpenRowProps extends Progress {
  readonly rollout: RolloutView;
}

/** One rollout that is under way, in a line. It is painted again only when it moved. */
export const OpenRow = memo(function OpenRow({ rollout, ...progress }: OpenRowProps) {
  const { metadata, spec, status } = rollout;
  return (
    <Table.Tr>
      <Place rollout={rollout} />
      <Table.Td>
        <RolloutBadge state={status.state} />
      </Table.Td>
      <Table.Td>
        <ProgressBar progress={progress} />
      </Table.Td>
      <Table.Td>{status.wave && <ForeignText text={status.wave} />}</Table.Td>
      <Table.Td>
        <Commit id={spec.revision} />
      </Table.Td>
      <Table.Td>
        <ForeignText text={spec.cause} />
      </Table.Td>
      <Table.Td className={styles.whole}>
        <Age at={metadata.createdAt} />
      </Table.Td>
      <WordsCell text={status.blocked?.message} />
    </Table.Tr>
  );
});

/** One rollout that is over: what became of it, and when. */
export const EndedRow = memo(function EndedRow({ rollout }: { readonly rollout: RolloutView }) {
  const { metadata, spec, status } = rollout;
  return (
    <Table.Tr>
      <Place rollout={rollout} />
      <Table.Td>
        <RolloutBadge state={status.state} />
      </Table.Td>
      <Table.Td className={styles.whole}>{progressText(status)}</Table.Td>
      <Table.Td>
        <Commit id={spec.revision} />
      </Table.Td>
      <Table.Td>
        <ForeignText text={spec.cause} />
      </Table.Td>
      <Table.Td className={styles.whole}>
        <Age at={metadata.createdAt} />
      </Table.Td>
      <Table.Td className={styles.whole}>{status.finishedAt && <Age at={status.finishedAt} />}</Table.Td>
    </Table.Tr>
  );
});

/** Leads to the newest rollout there. */
function Place({ rollout }: { readonly rollout: RolloutView }) {
  const { application, environment } = rollout.spec;
  return (
    <Table.Th scope="row" className={styles.whole}>
      <Link to="/rollouts/$application/$environment" params={{ application, environment }} className={styles.place}>
        <ForeignText text={placeName(rollout)} />
      </Link>
    </Table.Th>
  );
}
