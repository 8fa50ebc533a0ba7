import type { KubeHeaders } from './kube-transport.port.ts';

/** What a TLS connection needs, as PEM text. */
export interface TlsMaterial {
  /** The authorities that may vouch for the server; the machine's own list when absent. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The name the server's certificate is checked against, when it is not the one in the URL. */
  readonly servername?: string | undefined;
  /** `false` takes any certificate, as `insecure-skip-tls-verify` says. */
  readonly rejectUnauthorized?: boolean | undefined;
}

/** Who we are, as of now. */
export interface Credentials {
  readonly headers: KubeHeaders;
  readonly tls: TlsMaterial;
}

/** Asked before every request, so it answers from memory most of the time. */
export type CredentialSource = () => Promise<Credentials>;
