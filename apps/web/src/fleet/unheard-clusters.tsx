import { Alert } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useLive } from '../live/live-context.tsx';
import { counted } from './count-words.ts';

/** Says when the picture is partly a memory: clusters that are not heard show what was last known of them. */
export function UnheardClusters() {
  const { items } = useLive('cluster');
  const unheard = [...items.values()].filter(
    ({ status }) => status.connection === 'Lost' || status.connection === 'Deaf',
  );
  if (unheard.length === 0) return null;
  return (
    <Alert variant="light" color="yellow" p="xs">
      {counted(unheard.length, 'cluster')} cannot be heard right now. What is shown of their targets is what was last
      known. <Link to="/clusters">Show the clusters</Link>
    </Alert>
  );
}
