import { Link } from '@tanstack/react-router';
import { counted } from '@flotilla/foundation';
import { useLive } from '../live/live-context.tsx';
import { Notice } from '../notes/notice.tsx';

/** A rollout that is halted goes on only when somebody acts: whoever looks at the fleet is told first. */
export function StoppedRollouts() {
  const rollouts = [...useLive('rollout').items.values()];
  const halted = rollouts.filter(({ status }) => status.state === 'Halted').length;
  if (halted === 0) return null;
  return (
    <Notice tone="bad" icon="cross">
      <span>
        {counted(halted, 'rollout')} {halted === 1 ? 'is' : 'are'} halted: too much failed, and nobody else is admitted
        until somebody decides. <Link to="/rollouts">Show the rollouts</Link>
      </span>
    </Notice>
  );
}
