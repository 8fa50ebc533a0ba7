import { Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { RolloutCourseView, TargetView } from '@flotilla/contracts';
import { toFault } from '@flotilla/foundation';
import { LoadingRows } from '../../notes/loading-rows.tsx';
import { ProblemNote } from '../../notes/problem-note.tsx';
import { Section } from '../../notes/section.tsx';
import { TitledPage } from '../../notes/titled-page.tsx';
import { TwoColumns } from '../../notes/two-columns.tsx';
import { OrderList } from '../../orders/order-list.tsx';
import { CourseFacts } from './course-facts.tsx';
import { CourseHead } from './course-head.tsx';
import { rolloutOrders } from './course-orders.ts';
import { courseWaves, failedMembers, membersOf } from './course-waves.ts';
import { FailedClusters } from './failed-clusters.tsx';
import { useCourse } from './use-course.ts';
import { WaveList } from './wave-list.tsx';

const route = getRouteApi('/rollouts/$application/$environment');

/** One rollout while it goes: what it waits for, who failed, then its waves, and what can be done about it. */
export function RolloutCourse() {
  const { application, environment } = route.useParams();
  const { course, error, tryAgain, targets } = useCourse(application, environment);
  if (course) return <Course course={course} targets={targets} />;
  return (
    <TitledPage title="Rollout">
      {error ? <CourseProblem error={error} tryAgain={tryAgain} /> : <LoadingRows what="the rollout" rows={8} />}
    </TitledPage>
  );
}

function CourseProblem({ error, tryAgain }: { readonly error: Error; readonly tryAgain: () => void }) {
  const { code, message } = toFault(error);
  const problem =
    code === 'not-found'
      ? 'No release ever entered here. Look for it in the list of rollouts.'
      : `The rollout cannot be shown: ${message}`;
  return <ProblemNote problem={problem} action={{ label: 'Try again', run: tryAgain }} />;
}

interface CourseProps {
  readonly course: RolloutCourseView;
  readonly targets: ReadonlyMap<string, TargetView>;
}

function Course({ course, targets }: CourseProps) {
  const shown = useMemo(() => wavesOrEverybody(course, targets), [course, targets]);
  const failed = useMemo(() => failedMembers(shown), [shown]);
  const waves = useMemo(() => courseWaves(shown), [shown]);
  return (
    <Stack gap="lg">
      <CourseHead course={course} />
      <TwoColumns
        beside={
          <>
            <CourseFacts course={course} />
            <Section title="What can be done">
              <OrderList orders={rolloutOrders(course)} />
            </Section>
          </>
        }
      >
        {failed.length > 0 && <FailedClusters failed={failed} targets={targets} />}
        <WaveList waves={waves} targets={targets} />
      </TwoColumns>
    </Stack>
  );
}

/** Without waves everybody goes at once; where each of them is, its target says. */
function wavesOrEverybody(
  course: RolloutCourseView,
  targets: CourseProps['targets'],
): Pick<RolloutCourseView, 'waves'> {
  if (course.waves.length > 0) return course;
  const members = [...membersOf([...targets.values()], course.spec.release)];
  return { waves: members.length > 0 ? [{ name: 'everybody at once', members }] : [] };
}
