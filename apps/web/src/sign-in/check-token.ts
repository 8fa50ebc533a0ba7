import { FlotillaClient } from '@flotilla/client';
import { operations } from '@flotilla/contracts';
import { done, refused, toFault, type Outcome } from '@flotilla/foundation';

/** What to say when the control plane does not know a token. */
export const tokenRefused =
  'This token is not known, or it has expired. Ask an administrator for a new one and sign in again.';

/** Tries a token on a harmless question. Whoever may read nothing may not come in either. */
export async function checkToken(token: string, fetch: typeof globalThis.fetch): Promise<Outcome<string, string>> {
  // A header cannot carry anything else, and the browser would say so in words nobody understands.
  if (!/^[\x21-\x7e]+$/.test(token)) return refused('This is not a token: it has spaces or letters that no token has.');
  const client = new FlotillaClient({ server: '', token, fetch });
  try {
    await client.call(operations.listProjects, {});
    return done(token);
  } catch (thrown) {
    const { code, message } = toFault(thrown);
    if (code === 'unauthenticated') return refused(tokenRefused);
    return refused(code === 'forbidden' ? 'This token may not read anything here.' : sentence(message));
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
