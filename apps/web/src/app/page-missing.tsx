import { Link } from '@tanstack/react-router';
import { EmptyNote } from '../notes/empty-note.tsx';

/** An address that leads nowhere. */
export function PageMissing() {
  return (
    <EmptyNote title="There is no such page" level={1}>
      Begin at the <Link to="/">overview</Link>.
    </EmptyNote>
  );
}
