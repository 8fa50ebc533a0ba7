import { Group, Stack, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { counted, toFault } from '@flotilla/foundation';
import { Fact, Facts } from '../../notes/facts.tsx';
import { LoadingRows } from '../../notes/loading-rows.tsx';
import { ProblemNote } from '../../notes/problem-note.tsx';
import { Section } from '../../notes/section.tsx';
import { Since } from '../../notes/since.tsx';
import { TitledPage } from '../../notes/titled-page.tsx';
import { Trail } from '../../notes/trail.tsx';
import { TwoColumns } from '../../notes/two-columns.tsx';
import { OrderList } from '../../orders/order-list.tsx';
import { RolloutBadge } from '../../status/delivery-badges.tsx';
import { ForeignText } from '../../text/foreign-text.tsx';
import { visibleText } from '../../text/visible-text.ts';
import { Goal } from '../goal.tsx';
import { selectionText } from '../rollback-words.ts';
import { pinOrders } from '../standing-pins.ts';
import { useRollback, type RollbackStory } from '../use-rollbacks.ts';
import { ClustersGoBack } from './clusters-go-back.tsx';
import { GitIsRepaired } from './git-is-repaired.tsx';

const route = getRouteApi('/rollbacks/$uid');

/** One order to go back, in both of its phases: the clusters first, and then Git. */
export function RollbackCourse() {
  const { uid } = route.useParams();
  const { story, error, tryAgain } = useRollback(uid);
  if (story) return <Course story={story} />;
  return (
    <TitledPage title="Rollback">
      {error ? <CourseProblem error={error} tryAgain={tryAgain} /> : <LoadingRows what="the rollback" rows={8} />}
    </TitledPage>
  );
}

function CourseProblem({ error, tryAgain }: { readonly error: Error; readonly tryAgain: () => void }) {
  const { code, message } = toFault(error);
  const problem =
    code === 'not-found'
      ? 'There is no such rollback. Look for it in the list of rollbacks.'
      : `The rollback cannot be shown: ${message}`;
  return <ProblemNote problem={problem} action={{ label: 'Try again', run: tryAgain }} />;
}

function Course({ story }: { readonly story: RollbackStory }) {
  const { rollback, repairs } = story;
  return (
    <Stack gap="lg">
      <CourseHead rollback={rollback} />
      <TwoColumns
        beside={
          <>
            <OrderFacts rollback={rollback} />
            <HowItEnds rollback={rollback} />
          </>
        }
      >
        <ClustersGoBack rollback={rollback} />
        <GitIsRepaired rollback={rollback} repairs={repairs} />
      </TwoColumns>
    </Stack>
  );
}

type OfRollback = Pick<RollbackStory, 'rollback'>;

function CourseHead({ rollback: { metadata, spec, status } }: OfRollback) {
  const what = selectionText(spec.selection);
  return (
    <Stack gap="sm">
      <title>{visibleText(`${what} · Rollback · Flotilla`)}</title>
      <Trail to="/rollbacks" list="Rollbacks" name={what} />
      <Title order={1} size="h2">
        <ForeignText text={what} /> goes back
      </Title>
      <Group gap="md">
        <RolloutBadge state={status.state} />
        <Since at={metadata.createdAt} />
      </Group>
    </Stack>
  );
}

function OrderFacts({ rollback: { spec, status } }: OfRollback) {
  return (
    <Section title="Facts">
      <Facts>
        <Fact name="To">
          <Goal to={spec.to} />
        </Fact>
        <Fact name="Ordered by">
          <ForeignText text={spec.by} />
        </Fact>
        <Fact name="Reason">
          <ForeignText text={spec.reason} />
        </Fact>
        <Fact name="Held">{status.held.toLocaleString('en')} against Git</Fact>
      </Facts>
    </Section>
  );
}

/** More places than these are let go at a terminal. */
const placesMax = 3;

/** A pin ends in three ways: Git says the same, something newer passed its gates, or a person lets go. */
function HowItEnds({ rollback: { status } }: OfRollback) {
  const held = status.places.filter((place) => place.held > 0);
  const orders = held.slice(0, placesMax).flatMap((place) => pinOrders({ ...place, inPlace: place.held }));
  return (
    <Section title="How it ends">
      {held.length === 0 ? (
        <p>Nothing is held by it any more.</p>
      ) : (
        <>
          <p>By itself, once Git says the same. Before that, by a person:</p>
          <OrderList orders={orders} />
          {held.length > placesMax && <p>So for {counted(held.length - placesMax, 'more place')}.</p>}
        </>
      )}
    </Section>
  );
}
