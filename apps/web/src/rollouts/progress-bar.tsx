import { ToneBar } from '../status/tone-bar.tsx';
import { progressParts, progressText, type Progress } from './progress.ts';
import styles from './rollouts.module.css';

/** How far it has come, as lengths and in numbers. */
export function ProgressBar({ progress }: { readonly progress: Progress }) {
  return (
    <div className={styles.progress}>
      <ToneBar parts={progressParts(progress)} />
      <span className={styles.numbers}>{progressText(progress)}</span>
    </div>
  );
}
