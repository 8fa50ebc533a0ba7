import { useId } from 'react';
import type { TargetView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { Section } from '../../notes/section.tsx';
import { ShowMore } from '../../notes/show-more.tsx';
import { StatusIcon, type IconName } from '../../status/status-icon.tsx';
import { ToneBar } from '../../status/tone-bar.tsx';
import type { Tone } from '../../status/tones.ts';
import { visibleText } from '../../text/visible-text.ts';
import { waveParts, type CourseWave, type WaveStanding } from './course-waves.ts';
import { MemberTable } from './member-table.tsx';
import styles from './course.module.css';

const looks: Readonly<Record<WaveStanding, { readonly icon: IconName; readonly tone: Tone }>> = {
  failing: { icon: 'cross', tone: 'bad' },
  going: { icon: 'turning', tone: 'busy' },
  waiting: { icon: 'clock', tone: 'quiet' },
  done: { icon: 'check', tone: 'good' },
};

interface WaveListProps {
  readonly waves: readonly CourseWave[];
  readonly targets: ReadonlyMap<string, TargetView>;
}

/** The waves in their order: what is over, what goes, what waits for its turn. */
export function WaveList({ waves, targets }: WaveListProps) {
  return (
    <Section title="Waves">
      {waves.length === 0 && <p>It goes to no cluster (any more).</p>}
      <ol className={styles.waves}>
        {waves.map((wave) => (
          <WaveItem key={wave.name} wave={wave} targets={targets} />
        ))}
      </ol>
    </Section>
  );
}

function WaveItem({ wave, targets }: { readonly wave: CourseWave; readonly targets: WaveListProps['targets'] }) {
  const { name, standing, done, total, members, uncovered, waits } = wave;
  const heading = useId();
  const { icon, tone } = looks[standing];
  return (
    <li className={styles.wave} data-tone={tone} aria-labelledby={heading}>
      <div className={styles.waveHead}>
        <span className={styles.mark}>
          <StatusIcon name={icon} size={16} />
        </span>
        <strong id={heading}>
          <bdi>{visibleText(name)}</bdi>
        </strong>
        <span className={styles.small}>
          {done} of {total} done
        </span>
        <span className={styles.small}>{tallyText(wave)}</span>
      </div>
      <ToneBar parts={waveParts(wave)} />
      {uncovered.length > 0 && (
        <p className={styles.small}>
          It stands for the fleet, but not for: <bdi>{visibleText(uncovered.join(', '))}</bdi>
        </p>
      )}
      {waits.map(({ gate, blockedBy, whoCanAct }) => (
        <p key={gate} className={styles.small}>
          Before it begins: <bdi>{visibleText(`${gate}, ${blockedBy}`)}</bdi>
          {whoCanAct && (
            <>
              {' '}
              · <bdi>{visibleText(whoCanAct)}</bdi>
            </>
          )}
        </p>
      ))}
      {members.length > 0 && (
        <details open={standing === 'going' || standing === 'failing'}>
          <summary className={styles.summary}>{summaryText(wave)}</summary>
          <ShowMore items={members} what="clusters" step={50}>
            {(shown) => (
              <MemberTable label={visibleText(`Clusters of wave ${name}`)} members={shown} targets={targets} />
            )}
          </ShowMore>
        </details>
      )}
    </li>
  );
}

/** Who is where, but for those who are done. */
function tallyText({ tally }: CourseWave): string {
  return tally
    .filter(({ phase }) => phase !== 'Done')
    .map(({ phase, number }) => `${number} ${phase}`)
    .join(' · ');
}

function summaryText({ members, total }: CourseWave): string {
  const { length } = members;
  if (length === total) return counted(total, 'cluster');
  return length === 1 ? 'The other cluster' : `The other ${counted(length, 'cluster')}`;
}
