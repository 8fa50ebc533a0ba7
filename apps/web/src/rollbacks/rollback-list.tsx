import { useMemo } from 'react';
import { useLive } from '../live/live-context.tsx';
import { LoadingRows } from '../notes/loading-rows.tsx';
import { ProblemNote } from '../notes/problem-note.tsx';
import { Section } from '../notes/section.tsx';
import { TitledPage } from '../notes/titled-page.tsx';
import { OrderedTable } from './ordered-table.tsx';
import { PinList } from './pin-list.tsx';
import { QuarantineList } from './quarantine-list.tsx';
import { RollbackQuestionForm } from './question/rollback-question-form.tsx';
import { standingPins } from './standing-pins.ts';
import { useRollbacks } from './use-rollbacks.ts';

/** Going back: what it would do, what was ordered, what stands against Git, and how that ends. */
export function RollbackList() {
  const { rollbacks, quarantine, problem } = useRollbacks();
  const targets = useLive('target').items;
  const pins = useMemo(() => standingPins(targets.values()), [targets]);
  return (
    <TitledPage title="Rollbacks" gap="lg">
      <RollbackQuestionForm />
      {problem && <ProblemNote problem={problem} />}
      <Section title="Ordered">
        {!rollbacks && !problem && <LoadingRows what="rollbacks" rows={3} />}
        {rollbacks?.length === 0 && <p>Nobody ordered anything back yet.</p>}
        {rollbacks && rollbacks.length > 0 && <OrderedTable rollbacks={rollbacks} />}
      </Section>
      {pins.length > 0 && <PinList pins={pins} />}
      {quarantine.length > 0 && <QuarantineList quarantine={quarantine} />}
    </TitledPage>
  );
}
