export { digestOf, equalSecrets, hmacSha256, sha256 } from './digest.ts';
export { readSettings, type SettingsSchema } from './settings.ts';
export { keyPairOf, newSeed, publicKeyOf, signBytes, verifyBytes } from './signing.ts';
