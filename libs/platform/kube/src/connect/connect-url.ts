import { Fault, Redacted } from '@flotilla/foundation';
import { HttpTransport } from '../transport/http-transport.ts';

export interface ConnectUrlOptions {
  /** `https://host:port`; plain `http` for a simulator on this machine. */
  readonly url: string;
  readonly token?: Redacted | string;
  /** The server's certificate authority as PEM text. */
  readonly ca?: string;
  readonly userAgent?: string;
}

/** Connects to a server that is known by its address alone. */
export function connectUrl({ url, token, ca, userAgent }: ConnectUrlOptions): HttpTransport {
  const secret = token instanceof Redacted ? token.reveal() : token;
  const credentials = { headers: secret ? { authorization: `Bearer ${secret}` } : {}, tls: { ca } };
  return new HttpTransport({ server: checkedServer(url), credentials: async () => credentials, userAgent });
}

export function checkedServer(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'https:' || parsed?.protocol === 'http:') return url;
  const message = `\`${url}\` is not the address of an API server; it looks like https://host:6443`;
  throw new Fault({ code: 'invalid', reason: 'ServerAddressInvalid', message });
}
