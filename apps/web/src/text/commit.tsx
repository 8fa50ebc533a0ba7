import { shortCommit } from '@flotilla/model';
import styles from './text.module.css';
import { visibleText } from './visible-text.ts';

/** A revision as people write it; the whole commit id on hover. */
export function Commit({ id }: { readonly id: string | undefined }) {
  if (!id) return <span className={styles.dimmed}>none yet</span>;
  return (
    <bdi className={styles.code} title={visibleText(id)}>
      {visibleText(shortCommit(id))}
    </bdi>
  );
}
