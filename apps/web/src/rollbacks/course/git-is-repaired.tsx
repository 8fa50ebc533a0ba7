import type { RepairView, RollbackView } from '@flotilla/contracts';
import { Fact, Facts } from '../../notes/facts.tsx';
import { RepairBadge } from '../../status/delivery-badges.tsx';
import { Commit } from '../../text/commit.tsx';
import { ForeignText } from '../../text/foreign-text.tsx';
import { SafeLink } from '../../text/safe-link.tsx';
import cards from '../../notes/cards.module.css';
import styles from './course.module.css';
import { PhaseSection } from './phase-section.tsx';
import { gitPhase } from './rollback-phases.ts';

interface GitIsRepairedProps {
  readonly rollback: RollbackView;
  readonly repairs: readonly RepairView[];
}

/** The second phase: what is taken back in each branch, and what waits for whom. */
export function GitIsRepaired({ rollback, repairs }: GitIsRepairedProps) {
  return (
    <PhaseSection title="Then, Git" standing={gitPhase(rollback, repairs)}>
      <ul className={cards.list}>
        {repairs.map((repair) => (
          <RepairItem key={repair.metadata.uid} repair={repair} />
        ))}
      </ul>
    </PhaseSection>
  );
}

function RepairItem({ repair: { spec, status } }: { readonly repair: RepairView }) {
  const { repository, branch, goodRevision, badRevision, applications, paths } = spec;
  const { state, revert, url, conflicts, reason } = status;
  return (
    <li className={`${cards.card} ${styles.repair}`}>
      <div className={cards.head}>
        <strong>
          <ForeignText text={branch} /> of <ForeignText text={repository} />
        </strong>
        <RepairBadge state={state} />
      </div>
      <Facts>
        {reason && (
          <Fact name="Why">
            <ForeignText text={`${reason.code}: ${reason.message}`} />
          </Fact>
        )}
        {url && (
          <Fact name="Pull request">
            <SafeLink to={url} />
          </Fact>
        )}
        {conflicts.length > 0 && (
          <Fact name="To decide">
            <ForeignText text={conflicts.join(', ')} />
          </Fact>
        )}
        <Fact name="Takes back">
          <Commit id={badRevision} /> to what <Commit id={goodRevision} /> said
        </Fact>
        {revert && (
          <Fact name="By commit">
            <Commit id={revert} />
          </Fact>
        )}
        <Fact name="Applications">
          <ForeignText text={applications.join(', ')} />
        </Fact>
        <Fact name="Paths">
          <ForeignText text={paths.join(', ')} />
        </Fact>
      </Facts>
    </li>
  );
}
