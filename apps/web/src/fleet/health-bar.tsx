import type { CountsView } from '@flotilla/contracts';
import { healthLooks } from '../status/status-looks.ts';
import { ToneBar } from '../status/tone-bar.tsx';
import { healthCounts } from './count-words.ts';

/** How well many targets are, as lengths. */
export function HealthBar({ counts }: { readonly counts: CountsView }) {
  const parts = healthCounts(counts).map(({ status, number }) => ({ name: status, number, ...healthLooks[status] }));
  return <ToneBar parts={parts} />;
}
