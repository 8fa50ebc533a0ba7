import { Age } from '../text/age.tsx';
import styles from './notes.module.css';

/** Since when something is as it is, beside its status. */
export function Since({ at }: { readonly at: string }) {
  return (
    <span className={styles.since}>
      since <Age at={at} inFocusOrder />
    </span>
  );
}
