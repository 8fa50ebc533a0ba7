import { Commit } from '../text/commit.tsx';
import { ForeignText } from '../text/foreign-text.tsx';

/** What an order goes back to: a commit as people write it, anything else as it was said. */
export function Goal({ to }: { readonly to: string }) {
  return /^[0-9a-f]{40}$/.test(to) ? <Commit id={to} /> : <ForeignText text={to} />;
}
