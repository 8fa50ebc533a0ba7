import { describe, expect, it } from 'vitest';
import { downKinds } from '../subjects.ts';
import { readSignature, signatureText, signedBytes } from './signed.ts';

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('what a signature covers', () => {
  it("is DSSE's encoding of type and payload, lengths in bytes", () => {
    expect(textOf(signedBytes('set', bytesOf('{"a":"ü"}')))).toBe(
      'DSSEv1 36 application/vnd.flotilla.set.v1+json 10 {"a":"ü"}',
    );
  });

  it('is different for each kind of message, so that one cannot be sent as another', () => {
    const covered = downKinds.map((kind) => textOf(signedBytes(kind, bytesOf('{}'))));
    expect(new Set(covered).size).toBe(downKinds.length);
  });

  it('is every byte, whatever the bytes are', () => {
    const payload = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(signedBytes('ask', payload).subarray(-256)).toEqual(payload);
  });
});

describe('a signature in its header', () => {
  it('is read as it was written', () => {
    expect(readSignature(signatureText('key', 'c2lnbmF0dXJl'))).toEqual({ keyId: 'key', signature: 'c2lnbmF0dXJl' });
  });

  it.each(['', ':', 'key', 'key:', ':signature', 'key:signature:more'])('is not %j', (text) => {
    expect(readSignature(text)).toBeUndefined();
  });
});
