import { z } from 'zod';
import type { DownKind } from '../subjects.ts';

/**
 * The bytes that a signature covers: DSSE's pre-authentication encoding of the payload type and the exact payload, so
 * that a signature for one kind of message, or one version, is worth nothing for another.
 */
export function signedBytes(kind: DownKind | 'renewal', payload: Uint8Array): Uint8Array {
  const type = `application/vnd.flotilla.${kind}.v1+json`;
  const head = new TextEncoder().encode(`DSSEv1 ${type.length} ${type} ${payload.length} `);
  const all = new Uint8Array(head.length + payload.length);
  all.set(head);
  all.set(payload, head.length);
  return all;
}

/** A public key that orders are signed with. The id is the start of the key's digest. */
export const orderKeySchema = z.object({
  id: z.string().max(32),
  publicKey: z.string().max(64),
  /** Believed until then: it is being replaced. */
  until: z.string().max(40).optional(),
  /** Signs no orders, only the next list of keys: it is kept away from every machine for the day the other is lost. */
  recovery: z.boolean().optional(),
});

export type OrderKey = z.infer<typeof orderKeySchema>;

/** A message with its signature, where there is no header to carry one. The text is what was signed, to the byte. */
export const signedTextSchema = z.object({ text: z.string().max(131_072), signature: z.string().max(160) });

export type SignedText = z.infer<typeof signedTextSchema>;

/** How a signature stands in its header: `keyId:base64url`. */
export function signatureText(keyId: string, signature: string): string {
  return `${keyId}:${signature}`;
}

/** The parts of a signature's header; `undefined` for anything that is not exactly one. */
export function readSignature(text: string): { keyId: string; signature: string } | undefined {
  const [keyId, signature, ...rest] = text.split(':');
  return keyId && signature && rest.length === 0 ? { keyId, signature } : undefined;
}
