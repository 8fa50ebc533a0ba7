import { Link, type LinkProps } from '@tanstack/react-router';
import { ForeignText } from '../text/foreign-text.tsx';
import styles from './notes.module.css';

interface TrailProps {
  /** The list that the page belongs to. */
  readonly to: NonNullable<LinkProps['to']>;
  readonly list: string;
  readonly name: string;
}

/** The way back to the list that something was chosen from. */
export function Trail({ to, list, name }: TrailProps) {
  return (
    <nav aria-label="Way back" className={styles.trail}>
      <Link to={to}>{list}</Link> / <ForeignText text={name} />
    </nav>
  );
}
