import { Link } from '@tanstack/react-router';
import { counted } from '@flotilla/foundation';
import { useConnections } from '../clusters/use-connections.ts';
import { Notice } from '../notes/notice.tsx';

/** Says when the picture is partly a memory: clusters that are not heard show what was last known of them. */
export function UnheardClusters() {
  const unheard = [...useConnections().values()].filter((connection) => connection === 'Lost' || connection === 'Deaf');
  if (unheard.length === 0) return null;
  return (
    <Notice tone="warn" icon="noSignal">
      <span>
        {counted(unheard.length, 'cluster')} cannot be heard right now. Targets there are shown as they were last known.{' '}
        <Link to="/clusters">Show the clusters</Link>
      </span>
    </Notice>
  );
}
