import type { ReactNode } from 'react';
import { Section } from '../../notes/section.tsx';
import { StatusIcon } from '../../status/status-icon.tsx';
import type { PhaseStanding } from './rollback-phases.ts';
import styles from './course.module.css';

interface PhaseSectionProps {
  readonly title: string;
  readonly standing: PhaseStanding;
  readonly children: ReactNode;
}

/** One of the two phases: how it stands, and what of it. */
export function PhaseSection({ title, standing: { tone, icon, words }, children }: PhaseSectionProps) {
  return (
    <Section title={title}>
      <p className={styles.standing} data-tone={tone}>
        <StatusIcon name={icon} size={16} />
        <span>{words}</span>
      </p>
      {children}
    </Section>
  );
}
