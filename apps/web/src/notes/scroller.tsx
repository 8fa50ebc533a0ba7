import type { ReactNode } from 'react';
import styles from './notes.module.css';

/** Something wide, scrolled by itself on a narrow screen. It can be focused, so that the arrow keys scroll it as well. */
export function Scroller({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a place that scrolls must be reachable by keyboard
    <section className={styles.scroller} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
