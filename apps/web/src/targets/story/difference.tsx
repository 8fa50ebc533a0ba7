import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { diffLines, operations, type ObjectDiff } from '@flotilla/contracts';
import { toFault } from '@flotilla/foundation';
import { useProject } from '../../app/use-project.ts';
import { LoadingRows } from '../../notes/loading-rows.tsx';
import { ProblemNote } from '../../notes/problem-note.tsx';
import { Section } from '../../notes/section.tsx';
import { useSession } from '../../sign-in/session-context.tsx';
import { visibleText } from '../../text/visible-text.ts';
import styles from './story.module.css';

/** How the cluster differs from Git. It costs the agent a request for each object, so it is asked only when told to. */
export function Difference({ uid }: { readonly uid: string }) {
  const { client } = useSession();
  const project = useProject();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['diff', project, uid],
    queryFn: ({ signal }) => client.call(operations.diffTarget, { params: { project, uid } }, { signal }),
    enabled: false,
    retry: false,
    gcTime: 0,
  });
  const ask = () => void refetch();
  return (
    <Section title="Difference">
      {isFetching ? (
        <LoadingRows what="what the agent says" rows={3} />
      ) : (
        <>
          {error && <ProblemNote problem={`The agent cannot be asked: ${toFault(error).message}`} />}
          {data && <DiffText objects={data.objects} />}
          <Button variant="default" size="xs" className={styles.ask} onClick={ask}>
            {data || error ? 'Ask the agent again' : 'Ask the agent how the cluster differs from Git'}
          </Button>
        </>
      )}
    </Section>
  );
}

/** The same lines as in the terminal: `-` stands in the cluster, `+` in Git. */
function DiffText({ objects }: { readonly objects: readonly ObjectDiff[] }) {
  if (objects.length === 0) return <p>Nothing differs from Git.</p>;
  return (
    <pre className={styles.diff}>
      {diffLines(objects).map(({ kind, text }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have no other name, and are all replaced at once
        <span key={index} data-kind={kind}>
          {visibleText(text)}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
