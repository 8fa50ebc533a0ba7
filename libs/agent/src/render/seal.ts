import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Bytes of what is put before the content: the nonce, then the tag that proves the rest. */
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Closes content up under a name, with the key of the cluster: whoever can write where it is kept can neither read it nor
 * make another, nor put it under another name.
 */
export function seal(content: Uint8Array, { key, name }: { readonly key: Uint8Array; readonly name: string }): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', cacheKey(key), nonce).setAAD(Buffer.from(name));
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** What was sealed under this name with this key; nothing when that is not what this is. */
export function unseal(
  sealed: Uint8Array,
  { key, name }: { readonly key: Uint8Array; readonly name: string },
): Buffer | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined;
  const [nonce, tag] = [sealed.subarray(0, nonceBytes), sealed.subarray(nonceBytes, nonceBytes + tagBytes)];
  const options = { authTagLength: tagBytes };
  const decipher = createDecipheriv('aes-256-gcm', cacheKey(key), nonce, options).setAAD(Buffer.from(name));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Render digests are made with the key itself; nothing else may be. */
function cacheKey(key: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), 'flotilla render cache', 32));
}
