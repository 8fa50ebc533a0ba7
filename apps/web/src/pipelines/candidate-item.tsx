import type { CandidateView } from '@flotilla/contracts';
import { shortDigest } from '@flotilla/model';
import { OrderList } from '../orders/order-list.tsx';
import { CandidateBadge } from '../status/delivery-badges.tsx';
import { StatusIcon } from '../status/status-icon.tsx';
import { Age } from '../text/age.tsx';
import { Commit } from '../text/commit.tsx';
import { exactTime } from '../text/exact-time.ts';
import { ForeignText } from '../text/foreign-text.tsx';
import { visibleText } from '../text/visible-text.ts';
import { candidateOrders, type StageQuestion } from './stage-orders.ts';
import cards from '../notes/cards.module.css';
import styles from './pipelines.module.css';

interface CandidateItemProps {
  readonly candidate: CandidateView;
  readonly stage: StageQuestion;
}

/** A release that stands before a stage: which gates it passed, which not, who can act, and by which command. */
export function CandidateItem({ candidate, stage }: CandidateItemProps) {
  const { revision, digest, state, waits, passed } = candidate;
  const untried = untriedTexts(candidate);
  const orders = candidateOrders(candidate, stage);
  return (
    <li className={cards.card}>
      <div className={cards.head}>
        <Commit id={revision} />
        <CandidateBadge state={state} />
        <span className={styles.small}>
          source digest <Commit id={shortDigest(digest)} />
        </span>
      </div>
      {state !== 'Superseded' && (
        <div className={styles.candidateBody}>
          <div className={styles.gates}>
            <ul className={styles.gateList}>
              {passed.map((gate) => (
                <PassedGate key={gate} gate={gate} />
              ))}
              {waits.map((wait) => (
                <WaitingGate key={`${wait.gate} ${wait.blockedBy}`} wait={wait} never={state === 'Skipped'} />
              ))}
            </ul>
            {untried.length > 0 && <Untried untried={untried} />}
          </div>
          {orders.length > 0 && <OrderList orders={orders} />}
        </div>
      )}
    </li>
  );
}

function PassedGate({ gate }: { readonly gate: string }) {
  return (
    <li data-tone="good">
      <StatusIcon name="check" />
      <span>
        <ForeignText text={gate} /> <span className={styles.small}>passed</span>
      </span>
    </li>
  );
}

interface WaitingGateProps {
  readonly wait: CandidateView['waits'][number];
  /** It can never pass. */
  readonly never: boolean;
}

function WaitingGate({ wait: { gate, blockedBy, since, whoCanAct, nextTry }, never }: WaitingGateProps) {
  return (
    <li data-tone={never ? 'bad' : 'warn'}>
      <StatusIcon name={never ? 'cross' : 'clock'} />
      <span>
        <strong>
          <ForeignText text={gate} />
        </strong>{' '}
        <span className={styles.small}>{never ? 'never passes' : 'waits'}</span>
        <br />
        <ForeignText text={blockedBy} />
        {since && (
          <>
            , since <Age at={since} inFocusOrder />
          </>
        )}
        {whoCanAct && (
          <>
            <br />
            Who can act: <ForeignText text={whoCanAct} />
          </>
        )}
        {nextTry && (
          <>
            <br />
            Next look: {exactTime(nextTry)}
          </>
        )}
      </span>
    </li>
  );
}

function Untried({ untried }: { readonly untried: readonly string[] }) {
  return (
    <p className={styles.untried}>
      <strong>Never ran before:</strong> <bdi>{visibleText(untried.join(', '))}</bdi>
    </p>
  );
}

/** Inputs and settings that come here and that no stage before ever ran. */
function untriedTexts({ untried, untriedSettings = [] }: CandidateView): string[] {
  return [...untried.map(({ path, tree }) => `${path} (${tree?.slice(0, 8) ?? 'gone'})`), ...untriedSettings];
}
