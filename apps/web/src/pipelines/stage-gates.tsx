import { Section } from '../notes/section.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { CandidateItem } from './candidate-item.tsx';
import type { StageModel } from './pipeline-model.ts';
import styles from './pipelines.module.css';

interface StageGatesProps {
  readonly application: string;
  readonly stages: readonly StageModel[];
}

/** The releases that stand before each stage, the newest first. */
export function StageGates({ application, stages }: StageGatesProps) {
  const asked = stages.filter(({ candidates }) => candidates.length > 0);
  if (asked.length === 0) return <p className={styles.quiet}>Nothing waits before any stage.</p>;
  return asked.map(({ environment, candidates, counts }) => (
    <Section
      key={environment}
      title={
        <>
          Before <ForeignText text={environment} />
        </>
      }
    >
      <ul className={styles.candidates}>
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
