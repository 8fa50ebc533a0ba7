import { useMemo } from 'react';
import type { RolloutView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { useLive } from '../live/live-context.tsx';
import { DataTable } from '../notes/data-table.tsx';
import { EmptyNote } from '../notes/empty-note.tsx';
import { Section } from '../notes/section.tsx';
import { ShowMore } from '../notes/show-more.tsx';
import { TitledPage } from '../notes/titled-page.tsx';
import { WhenKnown } from '../notes/when-known.tsx';
import { progressOf, targetsByPlace, type TargetsByPlace } from './progress.ts';
import { ended, underWay } from './rollout-order.ts';
import { EndedRow, OpenRow } from './rollout-rows.tsx';
import styles from './rollouts.module.css';

const columns = ['Where', 'State', 'Arrived', 'Wave', 'Revision', 'Cause', 'Began', 'Waits for'];
const columnsOver = ['Where', 'State', 'Arrived', 'Revision', 'Cause', 'Began', 'Over'];

/** What is on its way, with what needs somebody first; below it, what was. */
export function RolloutList() {
  const rollouts = useLive('rollout');
  const targets = useLive('target');
  const places = useMemo(() => targetsByPlace(targets.items.values()), [targets.items]);
  const open = useMemo(() => underWay(rollouts.items.values()), [rollouts.items]);
  const over = useMemo(() => ended(rollouts.items.values()), [rollouts.items]);
  return (
    <TitledPage title="Rollouts" gap="lg" beside={rollouts.known && <UnderWay number={open.length} />}>
      <WhenKnown what="rollouts" kinds={[rollouts]}>
        {open.length + over.length === 0 && <NoRollouts />}
        {open.length > 0 && (
          <Section title="Under way">
            <OpenTable rollouts={open} places={places} />
          </Section>
        )}
        {over.length > 0 && (
          <Section title="Over">
            <ShowMore items={over} what="rollouts" step={25}>
              {(shown) => (
                <DataTable label="Rollouts that are over" columns={columnsOver}>
                  {shown.map((rollout) => (
                    <EndedRow key={rollout.metadata.uid} rollout={rollout} />
                  ))}
                </DataTable>
              )}
            </ShowMore>
          </Section>
        )}
      </WhenKnown>
    </TitledPage>
  );
}

function OpenTable({
  rollouts,
  places,
}: {
  readonly rollouts: readonly RolloutView[];
  readonly places: TargetsByPlace;
}) {
  return (
    <DataTable label="Rollouts under way" columns={columns}>
      {rollouts.map((rollout) => (
        <OpenRow key={rollout.metadata.uid} rollout={rollout} {...progressOf(rollout, places)} />
      ))}
    </DataTable>
  );
}

function UnderWay({ number }: { readonly number: number }) {
  return <output className={styles.quiet}>{counted(number, 'rollout')} under way</output>;
}

function NoRollouts() {
  return (
    <EmptyNote title="Nothing ever entered an environment" command="flotilla get releases">
      A rollout appears here as soon as a release enters an environment: by a commit that is tracked, by promotion, or
      by going back.
    </EmptyNote>
  );
}
