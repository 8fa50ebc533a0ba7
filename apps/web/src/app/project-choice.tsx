import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { operations } from '@flotilla/contracts';
import { useSession } from '../sign-in/session-context.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { visibleText } from '../text/visible-text.ts';
import { useProject } from './use-project.ts';
import styles from './shell.module.css';

/** The project that is shown; a choice where there are several. */
export function ProjectChoice() {
  const { client } = useSession();
  const project = useProject();
  const navigate = useNavigate();
  const { data: names = [] } = useQuery({
    queryKey: ['projects'],
    queryFn: async () => (await client.call(operations.listProjects, {})).items.map(({ metadata }) => metadata.name),
    staleTime: 60_000,
  });
  const known = [...new Set([project, ...names])].toSorted();
  if (known.length === 1) {
    return (
      <span className={styles.project}>
        <ForeignText text={project} />
      </span>
    );
  }
  return (
    <NativeSelect
      aria-label="Project"
      size="xs"
      value={project}
      data={known.map((value) => ({ value, label: visibleText(value) }))}
      onChange={(event) => void navigate({ to: '/', search: { project: event.currentTarget.value } })}
    />
  );
}
