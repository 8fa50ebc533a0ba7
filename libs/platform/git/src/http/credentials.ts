import type { Redacted } from '@flotilla/foundation';

/** What a host asks for. It is sent to the origin of the remote's own URL and to no other. */
export type GitCredentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: Redacted }
  | { readonly kind: 'bearer'; readonly token: Redacted };

export function authorizationOf(credentials: GitCredentials): string {
  return credentials.kind === 'bearer' ? `Bearer ${credentials.token.reveal()}` : `Basic ${basicValue(credentials)}`;
}

/**
 * Takes the secret out of a text that came from a host: one that echoes our own headers must not get them into a log.
 */
export function scrubber(credentials: GitCredentials | undefined): (text: string) => string {
  const secrets = credentials ? formsOf(credentials).filter((form) => form.length > 0) : [];
  return (text) => secrets.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, '[redacted]'), text);
}

/** Every way in which the secret may be spelled, longest first, so that none is cut in half by another. */
function formsOf(credentials: GitCredentials): string[] {
  const secret = credentials.kind === 'bearer' ? credentials.token.reveal() : credentials.password.reveal();
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
  if (credentials.kind === 'basic') forms.push(basicValue(credentials));
  return forms.toSorted((left, right) => right.length - left.length);
}

function basicValue({ username, password }: Extract<GitCredentials, { kind: 'basic' }>): string {
  return Buffer.from(`${username}:${password.reveal()}`).toString('base64');
}
