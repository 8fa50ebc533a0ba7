import { readFile } from 'node:fs/promises';
import { Fault, type Clock } from '@flotilla/foundation';
import type { Credentials, CredentialSource, TlsMaterial } from '../transport/credentials.ts';
import type { KubeHeaders } from '../transport/kube-transport.port.ts';

/** A secret that is at hand, or lies in a file that somebody may replace at any time. */
export type FileOrText = { readonly file: string } | { readonly text: string };

export interface CredentialParts {
  readonly token?: FileOrText | undefined;
  readonly ca?: FileOrText | undefined;
  readonly cert?: FileOrText | undefined;
  readonly key?: FileOrText | undefined;
  /** What never changes: the server's name, impersonation, whether certificates are checked. */
  readonly headers?: KubeHeaders;
  readonly tls?: TlsMaterial;
}

/** Reads the parts from their files, and again every half minute: tokens in a pod are replaced within the hour. */
export function fileCredentials(parts: CredentialParts, clock: Clock): CredentialSource {
  return refreshed({ clock, everyMs: 30_000 }, async () => {
    const [token, ca, cert, key] = await Promise.all([parts.token, parts.ca, parts.cert, parts.key].map(textOf));
    return {
      headers: { ...parts.headers, ...(token && { authorization: `Bearer ${token.trim()}` }) },
      tls: { ...parts.tls, ca, cert, key },
    };
  });
}

export interface RefreshOptions {
  readonly clock: Clock;
  readonly everyMs: number;
}

/** Asks `read` at most every so often. While it fails, what was read last stays in use: it may well be valid still. */
export function refreshed({ clock, everyMs }: RefreshOptions, read: () => Promise<Credentials>): CredentialSource {
  let last: { readonly credentials: Credentials; readonly at: number } | undefined;
  let reading: Promise<Credentials> | undefined;
  const readNow = async () => {
    try {
      last = { credentials: await read(), at: clock.now() };
    } catch (error) {
      if (!last) throw error;
      last = { ...last, at: clock.now() };
    } finally {
      reading = undefined;
    }
    return last.credentials;
  };
  return async () => {
    if (last && clock.now() - last.at < everyMs) return last.credentials;
    return (reading ??= readNow());
  };
}

async function textOf(part: FileOrText | undefined): Promise<string | undefined> {
  if (!part) return undefined;
  if ('text' in part) return part.text;
  try {
    return await readFile(part.file, 'utf8');
  } catch (cause) {
    const message = `the credential file ${part.file} cannot be read: ${(cause as Error).message}`;
    throw new Fault({
      code: 'unauthenticated',
      reason: 'CredentialsUnreadable',
      message,
      consequence: { kind: 'retry' },
      cause,
    });
  }
}
