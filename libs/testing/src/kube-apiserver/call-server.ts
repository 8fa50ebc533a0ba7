import { request } from 'node:https';

/** How to reach a server whose certificate its own authority signed. */
export interface ServerAccess {
  readonly url: string;
  /** The PEM text of the certificate to trust. */
  readonly certificateAuthority: string;
}

export interface Call {
  readonly token: string;
  readonly path: string;
  readonly method?: string;
  readonly body?: string;
  readonly contentType?: string;
}

/** One request with its whole answer. A server that cannot be reached answers with status 0, for whoever polls. */
export function callServer(
  { url, certificateAuthority }: ServerAccess,
  { token, path, method = 'GET', body, contentType = 'application/json' }: Call,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': contentType };
    const options = { method, headers, ca: certificateAuthority, agent: false, timeout: 5_000 };
    const sending = request(new URL(path, url), options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('close', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    sending.once('timeout', () => sending.destroy());
    sending.once('error', () => resolve({ status: 0, body: '' }));
    sending.end(body);
  });
}
