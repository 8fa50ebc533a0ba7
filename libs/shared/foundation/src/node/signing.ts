import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';

const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** An Ed25519 key pair from its 32 raw seed bytes, the form that NATS nkeys and our own keys share. */
export function keyPairOf(seed: Uint8Array): { privateKey: KeyObject; publicKey: Uint8Array } {
  const privateKey = createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(publicPrefix.length);
  return { privateKey, publicKey: new Uint8Array(publicKey) };
}

/** The 32 raw bytes of a new Ed25519 key: the secret itself. */
export function newSeed(): Uint8Array {
  const { privateKey } = generateKeyPairSync('ed25519');
  return new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(privatePrefix.length));
}

/** A public key from its 32 raw bytes. */
export function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: 'der', type: 'spki' });
}

/** An Ed25519 signature over exactly these bytes. */
export function signBytes(data: Uint8Array, privateKey: KeyObject): Uint8Array {
  return new Uint8Array(sign(null, data, privateKey));
}

/** Whether the holder of a key signed exactly these bytes. */
export function verifyBytes(data: Uint8Array, signature: Uint8Array, publicKey: KeyObject): boolean {
  return verify(null, data, publicKey, signature);
}
