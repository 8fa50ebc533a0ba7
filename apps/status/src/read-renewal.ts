import { renewalSchema, signedBytes, type Renewal, type RenewRequest } from '@flotilla/contracts';
import { verifyNkey } from '@flotilla/platform-bus';

/**
 * A renewal whose text both keys signed; `undefined` for anything else. The old key proves whose it is, the new one that
 * whoever asks holds it: otherwise he could have the key of somebody else entered as his own.
 */
export function readRenewal(request: RenewRequest): Renewal | undefined {
  const renewal = renewalSchema.safeParse(jsonIn(request.renewal));
  if (!renewal.success) return undefined;
  const bytes = signedBytes('renewal', Buffer.from(request.renewal));
  const isSigned = (userKey: string, signature: string) => isSignedBy(userKey, { bytes, signature });
  const { userKey, nextKey } = renewal.data;
  return isSigned(userKey, request.signature) && isSigned(nextKey, request.nextSignature) ? renewal.data : undefined;
}

function isSignedBy(userKey: string, { bytes, signature }: { bytes: Uint8Array; signature: string }): boolean {
  try {
    return verifyNkey(userKey, bytes, Buffer.from(signature, 'base64url'));
  } catch {
    // A key with a wrong checksum, or a signature of the wrong length, proves nothing.
    return false;
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
