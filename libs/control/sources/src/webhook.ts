import { equalSecrets, hmacSha256 } from '@flotilla/foundation/node';
import { done, refused, type Outcome } from '@flotilla/foundation';

/** No webhook body is larger; the rest is refused unread. */
export const webhookBytesMax = 1024 * 1024;

/** A webhook as it came in, before anybody believed it. */
export interface WebhookRequest {
  /** GitHub's `X-Hub-Signature-256`: `sha256=` and the HMAC of the exact body. */
  readonly signature: string | undefined;
  readonly body: Uint8Array;
}

/**
 * Says whether a webhook comes from somebody who holds the secret. Nothing in the body is read, before or after: all
 * that a webhook can say is "look at this repository".
 */
export function verifyWebhook(request: WebhookRequest, secret: string | undefined): Outcome<true, string> {
  if (!secret) return refused('this repository has no webhook');
  if (!request.signature?.startsWith('sha256=')) return refused('the signature is missing');
  const expected = `sha256=${hmacSha256(secret, request.body)}`;
  return equalSecrets(request.signature, expected) ? done(true) : refused('the signature is wrong');
}
