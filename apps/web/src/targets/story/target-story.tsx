import { Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { toFault } from '@flotilla/foundation';
import type { TargetStoryView } from '@flotilla/contracts';
import { LoadingRows } from '../../notes/loading-rows.tsx';
import { ProblemNote } from '../../notes/problem-note.tsx';
import { TitledPage } from '../../notes/titled-page.tsx';
import { TwoColumns } from '../../notes/two-columns.tsx';
import { DeploymentHistory } from './deployment-history.tsx';
import { Difference } from './difference.tsx';
import { DriftTable } from './drift-table.tsx';
import { Explanation } from './explanation.tsx';
import { ResourceTable } from './resource-table.tsx';
import { StoryCommands } from './story-commands.tsx';
import { StoryFacts } from './story-facts.tsx';
import { StoryHead } from './story-head.tsx';
import { useStory } from './use-story.ts';

const route = getRouteApi('/targets/$uid');

/** Everything about one target: what it should run, what it runs, and why the two differ. */
export function TargetStory() {
  const { uid } = route.useParams();
  const { story, error, tryAgain } = useStory(uid);
  if (story) return <Story story={story} />;
  return (
    <TitledPage title="Target">
      {error ? <StoryProblem error={error} tryAgain={tryAgain} /> : <LoadingRows what="the target" rows={8} />}
    </TitledPage>
  );
}

function StoryProblem({ error, tryAgain }: { readonly error: Error; readonly tryAgain: () => void }) {
  const { code, message } = toFault(error);
  const problem =
    code === 'not-found'
      ? 'There is no such target (any more). Look for it in the list of targets.'
      : `The target cannot be shown: ${message}`;
  return <ProblemNote problem={problem} action={{ label: 'Try again', run: tryAgain }} />;
}

function Story({ story }: { readonly story: TargetStoryView }) {
  return (
    <Stack gap="lg">
      <StoryHead story={story} />
      <TwoColumns
        beside={
          <>
            <StoryFacts story={story} />
            <StoryCommands name={story.metadata.name} />
          </>
        }
      >
        <Explanation story={story} />
        <ResourceTable resources={story.resources} namespace={story.spec.namespace} />
        <DriftTable drift={story.drift} />
        <Difference key={story.metadata.uid} uid={story.metadata.uid} />
        <DeploymentHistory history={story.history} />
      </TwoColumns>
    </Stack>
  );
}
