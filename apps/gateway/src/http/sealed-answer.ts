import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals an answer so that only who knows the secret can read it: a remembered answer may hold a join token, and a copy of
 * the database shall not. The key is made from the secret and kept nowhere.
 */
export function sealAnswer(body: unknown, secret: string): string {
  const [salt, nonce] = [randomBytes(saltBytes), randomBytes(nonceBytes)];
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret, salt), nonce);
  const sealed = [cipher.update(JSON.stringify({ body }), 'utf8'), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([salt, nonce, ...sealed]).toString('base64');
}

/** The answer, or `undefined` when it was sealed with another secret, or by nobody. */
export function openAnswer(sealed: unknown, secret: string): { readonly body: unknown } | undefined {
  try {
    const bytes = Buffer.from(sealed as string, 'base64');
    const [salt, nonce] = [bytes.subarray(0, saltBytes), bytes.subarray(saltBytes, saltBytes + nonceBytes)];
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secret, salt), nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    const text = Buffer.concat([decipher.update(bytes.subarray(saltBytes + nonceBytes, -tagBytes)), decipher.final()]);
    return JSON.parse(text.toString('utf8')) as { body: unknown };
  } catch {
    return undefined;
  }
}

function keyOf(secret: string, salt: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, 'flotilla remembered answer', 32));
}
