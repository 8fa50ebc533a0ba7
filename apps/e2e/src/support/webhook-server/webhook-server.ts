import { createServer } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Running } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import { selfSigned } from './self-signed.ts';

/** What is asked about one object: nothing when it may be, or why it may not. */
export type Admit = (object: KubeObject) => string | undefined;

/** How an object of one version reads in another. */
export type Convert = (object: KubeObject, apiVersion: string) => KubeObject;

export interface WebhookServerOptions {
  readonly admit?: Admit;
  readonly convert?: Convert;
}

/** A webhook as an API server calls it, served by a test: `/admit` and `/convert`, over TLS on loopback. */
export interface WebhookServer extends Running {
  readonly url: string;
  /** Who vouches for it, as a webhook configuration says it. */
  readonly caBundle: string;
  /** While false, it is as if its pod did not run yet: nobody answers. */
  isUp: boolean;
  /** How often it was asked. */
  readonly asked: number;
}

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: {
    readonly uid: string;
    readonly object?: KubeObject;
    readonly desiredAPIVersion?: string;
    readonly objects?: readonly KubeObject[];
  };
}

export async function startWebhookServer(options: WebhookServerOptions): Promise<WebhookServer> {
  const { certificate, key } = selfSigned();
  const state = { isUp: true, asked: 0 };
  const server = createServer({ cert: certificate, key }, (request, response) => {
    if (!state.isUp) {
      request.destroy();
      return;
    }
    state.asked++;
    void readReview(request).then((review) => {
      const answer = { apiVersion: review.apiVersion, kind: review.kind, response: answerTo(review, options) };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caBundle: Buffer.from(certificate).toString('base64'),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function answerTo({ kind, request }: Review, { admit, convert }: WebhookServerOptions): object {
  const { uid, object, objects = [], desiredAPIVersion = '' } = request;
  if (kind === 'ConversionReview') {
    const convertedObjects = objects.map((each) => convert?.(each, desiredAPIVersion) ?? each);
    return { uid, result: { status: 'Success' }, convertedObjects };
  }
  const message = object && admit?.(object);
  return message === undefined ? { uid, allowed: true } : { uid, allowed: false, status: { message, code: 403 } };
}

async function readReview(request: IncomingMessage): Promise<Review> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Review;
}
