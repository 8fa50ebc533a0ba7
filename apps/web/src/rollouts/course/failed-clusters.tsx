import type { TargetView } from '@flotilla/contracts';
import { Section } from '../../notes/section.tsx';
import { ShowMore } from '../../notes/show-more.tsx';
import type { FailedMember } from './course-waves.ts';
import { MemberTable } from './member-table.tsx';

interface FailedClustersProps {
  readonly failed: readonly FailedMember[];
  readonly targets: ReadonlyMap<string, TargetView>;
}

/** Who failed, and why: before all waves, for whoever was called. */
export function FailedClusters({ failed, targets }: FailedClustersProps) {
  return (
    <Section title="Failed">
      <ShowMore items={failed} what="clusters that failed" step={20}>
        {(shown) => <MemberTable label="Clusters that failed" members={shown} targets={targets} />}
      </ShowMore>
    </Section>
  );
}
