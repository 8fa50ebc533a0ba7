import type { TargetStoryView } from '@flotilla/contracts';
import { Age } from '../../text/age.tsx';
import { Commit } from '../../text/commit.tsx';
import { ForeignText } from '../../text/foreign-text.tsx';
import { Fact, Facts } from '../../notes/facts.tsx';
import { Section } from '../../notes/section.tsx';

/** What is known in single words. */
export function StoryFacts({ story: { spec, status } }: { readonly story: TargetStoryView }) {
  return (
    <Section title="Facts">
      <Facts>
        <Fact name="Should run">
          <Commit id={spec.revision} />
        </Fact>
        <Fact name="Runs">
          <Commit id={status.revision} />
        </Fact>
        <Fact name="Release">
          <ForeignText text={spec.release} />
        </Fact>
        <Fact name="Namespace">
          <ForeignText text={spec.namespace} />
        </Fact>
        <Fact name="Generation">
          {status.generation === spec.generation
            ? spec.generation
            : `${spec.generation}; reported for ${status.generation}`}
        </Fact>
        <Fact name="Applied">{status.appliedAt ? <Age at={status.appliedAt} inFocusOrder /> : 'never'}</Fact>
        <Fact name="Reported">{status.reportedAt ? <Age at={status.reportedAt} inFocusOrder /> : 'never'}</Fact>
      </Facts>
    </Section>
  );
}
