import { Group, Stack, Title } from '@mantine/core';
import type { ExplanationView, RolloutCourseView } from '@flotilla/contracts';
import { Notice } from '../../notes/notice.tsx';
import { Since } from '../../notes/since.tsx';
import { Trail } from '../../notes/trail.tsx';
import { RolloutBadge } from '../../status/delivery-badges.tsx';
import { Age } from '../../text/age.tsx';
import { Commit } from '../../text/commit.tsx';
import { ForeignText } from '../../text/foreign-text.tsx';
import { visibleText } from '../../text/visible-text.ts';
import { ProgressBar } from '../progress-bar.tsx';
import { placeName } from '../rollout-order.ts';
import { courseStanding, type CourseStanding } from './course-standing.ts';
import { courseProgress } from './course-waves.ts';
import styles from './course.module.css';

/** What enters where, how far it has come, and before anything else what stands in its way. */
export function CourseHead({ course }: { readonly course: RolloutCourseView }) {
  const { metadata, spec, status } = course;
  const standing = courseStanding(course);
  return (
    <Stack gap="sm">
      <title>{visibleText(`${placeName(course)} · Rollout · Flotilla`)}</title>
      <Trail to="/rollouts" list="Rollouts" name={placeName(course)} />
      <Title order={1} size="h2">
        <ForeignText text={spec.application} /> <Commit id={spec.revision} /> enters{' '}
        <ForeignText text={spec.environment} />
      </Title>
      <Group gap="md">
        <RolloutBadge state={status.state} />
        <span className={styles.overall}>
          <ProgressBar progress={courseProgress(course)} />
        </span>
        {status.wave && (
          <span className={styles.small}>
            wave <ForeignText text={status.wave} />
          </span>
        )}
        <Since at={metadata.createdAt} />
      </Group>
      {standing && <StandingNotice standing={standing} />}
    </Stack>
  );
}

function StandingNotice({ standing }: { readonly standing: CourseStanding }) {
  const { tone, icon, title, blockedBy, since, whoCanAct, others } = standing;
  return (
    <Notice tone={tone} icon={icon} title={title}>
      {blockedBy && (
        <span>
          <ForeignText text={blockedBy} />
          {since && (
            <>
              , since <Age at={since} inFocusOrder />
            </>
          )}
        </span>
      )}
      <span>
        Who can act: <ForeignText text={whoCanAct} />
      </span>
      {others.map((line) => (
        <span key={`${line.state} ${line.blockedBy}`}>
          <ForeignText text={otherText(line)} />
        </span>
      ))}
    </Notice>
  );
}

function otherText({ state, blockedBy, whoCanAct }: ExplanationView): string {
  return [state, blockedBy, whoCanAct && `who can act: ${whoCanAct}`].filter(Boolean).join('; ');
}
