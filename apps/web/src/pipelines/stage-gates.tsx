import { shortCommit } from '@flotilla/model';
import { Notice } from '../notes/notice.tsx';
import { Section } from '../notes/section.tsx';
import { OrderList } from '../orders/order-list.tsx';
import { Age } from '../text/age.tsx';
import { exactTime } from '../text/exact-time.ts';
import { ForeignText } from '../text/foreign-text.tsx';
import { visibleText } from '../text/visible-text.ts';
import { CandidateItem } from './candidate-item.tsx';
import type { StageHold, StageModel } from './pipeline-model.ts';
import { unholdOrder, type StageQuestion } from './stage-orders.ts';
import cards from '../notes/cards.module.css';
import styles from './pipelines.module.css';

interface StageGatesProps {
  readonly application: string;
  readonly stages: readonly StageModel[];
}

/** The releases that stand before each stage, the newest first. */
export function StageGates({ application, stages }: StageGatesProps) {
  const asked = stages.filter(({ candidates, holds }) => candidates.length + holds.length > 0);
  if (asked.length === 0) return <p className={styles.quiet}>Nothing waits before any stage.</p>;
  return asked.map(({ environment, candidates, holds, counts }) => (
    <Section
      key={environment}
      title={
        <>
          Before <ForeignText text={environment} />
        </>
      }
    >
      {holds.map((hold) => (
        <HoldNotice
          key={`${hold.who} ${hold.since} ${hold.revision}`}
          hold={hold}
          stage={{ application, environment, targets: counts?.total ?? 0 }}
        />
      ))}
      <ul className={cards.list}>
        {candidates.map((candidate) => (
          <CandidateItem
            key={candidate.release}
            candidate={candidate}
            stage={{ application, environment, targets: counts?.total ?? 0 }}
          />
        ))}
      </ul>
    </Section>
  ));
}

interface HoldNoticeProps {
  readonly hold: StageHold;
  readonly stage: StageQuestion;
}

/** Somebody lets nothing past it: who, why and until when, and how it goes on. */
function HoldNotice({ hold, stage }: HoldNoticeProps) {
  const { who, reason, since, until, revision } = hold;
  const title = revision === undefined ? 'Held: nothing enters' : `Held: nothing of ${shortCommit(revision)} enters`;
  return (
    <Notice tone="warn" icon="pause" title={visibleText(title)}>
      <span>
        <ForeignText text={who} /> <Age at={since} inFocusOrder />: <ForeignText text={reason} />,{' '}
        {until ? `until ${exactTime(until)}` : 'until somebody lets it go on'}
      </span>
      <OrderList orders={[unholdOrder(hold, stage)]} />
    </Notice>
  );
}
