import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { mapLimited } from '@flotilla/foundation';
import { keyOfObject, type KubeObject } from '@flotilla/model';
import type { MeasuredApiServer } from './measured-api-server.ts';

const inFlight = 32;
const plurals: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  Deployment: 'deployments',
  Service: 'services',
  ServiceAccount: 'serviceaccounts',
};

/**
 * The least that anybody can do: objects whose bytes are ready go out as server-side applies over one connection, many
 * at once, and the answers are not even parsed.
 */
export class RawReplay {
  readonly #session: ClientHttp2Session;
  readonly #token: string;

  constructor({ url, token, ca }: Pick<MeasuredApiServer, 'url' | 'token' | 'ca'>) {
    this.#session = connect(url, { ca });
    this.#token = token;
  }

  async apply(objects: readonly KubeObject[]): Promise<void> {
    const ready = objects.map((object) => ({ path: pathOf(object), body: JSON.stringify(object) }));
    await mapLimited(ready, inFlight, ({ path, body }) => this.#send(path, body));
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#session.close(resolve));
  }

  #send(path: string, body: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const stream = this.#session.request({
        [constants.HTTP2_HEADER_METHOD]: 'PATCH',
        [constants.HTTP2_HEADER_PATH]: `${path}?fieldManager=raw&force=true`,
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/apply-patch+yaml',
      });
      let status = 0;
      stream.on('response', (headers) => (status = headers[':status'] ?? 0));
      stream.on('data', () => undefined);
      stream.on('error', reject);
      stream.on('end', () => (status < 300 ? resolve() : reject(new Error(`the raw apply of ${path}: ${status}`))));
      stream.end(body);
    });
  }
}

function pathOf(object: KubeObject): string {
  const { namespace, kind, name } = keyOfObject(object);
  const root = object.apiVersion === 'v1' ? '/api/v1' : `/apis/${object.apiVersion}`;
  return `${root}/namespaces/${namespace}/${plurals[kind]!}/${name}`;
}
