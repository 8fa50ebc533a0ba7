import { Link } from '@tanstack/react-router';
import type { RolloutCourseView } from '@flotilla/contracts';
import { Fact, Facts } from '../../notes/facts.tsx';
import { Section } from '../../notes/section.tsx';
import { Age } from '../../text/age.tsx';
import { Commit } from '../../text/commit.tsx';
import { ForeignText } from '../../text/foreign-text.tsx';

/** What is known in single words, and the ways to the rest of it. */
export function CourseFacts({ course: { metadata, spec, status } }: { readonly course: RolloutCourseView }) {
  const { application, environment } = spec;
  return (
    <Section title="Facts">
      <Facts>
        <Fact name="Revision">
          <Commit id={spec.revision} />
        </Fact>
        <Fact name="Release">
          <ForeignText text={spec.release} />
        </Fact>
        <Fact name="Cause">
          <ForeignText text={spec.cause} />
        </Fact>
        <Fact name="Began">
          <Age at={metadata.createdAt} inFocusOrder />
        </Fact>
        <Fact name="Over">{status.finishedAt ? <Age at={status.finishedAt} inFocusOrder /> : 'not yet'}</Fact>
        {spec.rollback && (
          <Fact name="Ordered by">
            <Link to="/rollbacks/$uid" params={{ uid: spec.rollback }}>
              a rollback
            </Link>
          </Fact>
        )}
        <Fact name="Going back">
          <Link to="/rollbacks" search={{ application, environment }}>
            what it would do
          </Link>
        </Fact>
        <Fact name="Pipeline">
          <Link to="/pipelines/$application" params={{ application }}>
            <ForeignText text={application} />
          </Link>
        </Fact>
        <Fact name="Targets">
          <Link to="/targets" search={{ application, environment }}>
            all of them
          </Link>
        </Fact>
      </Facts>
    </Section>
  );
}
