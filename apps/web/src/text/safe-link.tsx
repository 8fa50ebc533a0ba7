import type { ReactNode } from 'react';
import { ForeignText } from './foreign-text.tsx';
import { safeAddress } from './safe-address.ts';

interface SafeLinkProps {
  readonly to: string;
  readonly className?: string | undefined;
  /** The address itself, as text, when absent. */
  readonly children?: ReactNode;
}

/**
 * The only component with a raw `href`. An address that is not plainly one for a browser or a mail program is shown as
 * text; the page behind a link learns nothing of ours. Ways inside the page are the router's `Link`.
 */
export function SafeLink({ to, className, children }: SafeLinkProps) {
  const address = safeAddress(to);
  const content = children ?? <ForeignText text={to} />;
  if (!address) return <span className={className}>{content}</span>;
  return (
    <a href={address} className={className} rel="noopener noreferrer">
      {content}
    </a>
  );
}
