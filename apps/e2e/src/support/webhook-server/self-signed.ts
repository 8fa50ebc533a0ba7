import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate for 127.0.0.1 that vouches for itself, and its key, both as PEM. */
export interface SelfSigned {
  readonly certificate: string;
  readonly key: string;
}

const dayMs = 86_400_000;
const ecdsaWithSha256 = '06082a8648ce3d040302';
const commonName = '0603550403';
const subjectAltName = '0603551d11';
const loopback = '87047f000001';

/** Made here, because neither Node nor a plain machine has a program that makes one. */
export function selfSigned(): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(hex(ecdsaWithSha256));
  const name = sequence(tagged(0x31, sequence(hex(commonName), tagged(0x0c, Buffer.from('webhook of a test')))));
  const validity = sequence(utcTime(Date.now() - dayMs), utcTime(Date.now() + dayMs));
  const names = sequence(hex(subjectAltName), tagged(0x04, sequence(hex(loopback))));
  const body = sequence(
    tagged(0xa0, hex('020102')),
    hex('020101'),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(names)),
  );
  const signature = tagged(0x03, Buffer.concat([Buffer.of(0), sign('sha256', body, privateKey)]));
  return {
    certificate: pem('CERTIFICATE', sequence(body, algorithm, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

/** One value in DER: what it is, how long it is, and what it holds. */
function tagged(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const lengths = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...lengths), content]);
}

function utcTime(at: number): Buffer {
  const digits = new Date(at).toISOString().replaceAll(/\D/g, '');
  return tagged(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
