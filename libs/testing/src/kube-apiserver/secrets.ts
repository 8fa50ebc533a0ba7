import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function serviceAccountKeyFile(folder: string): string {
  return join(folder, 'service-account.key');
}

export function tokenFile(folder: string): string {
  return join(folder, 'tokens.csv');
}

/** The key that signs and checks the tokens of service accounts. */
export function writeServiceAccountKey(folder: string): void {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(serviceAccountKeyFile(folder), privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
}

/** The one token that the server knows from its start; it reads this file once. */
export function writeTokenFile(folder: string, administratorToken: string): void {
  const line = `${administratorToken},flotilla:administrator,flotilla-administrator,"system:masters"\n`;
  writeFileSync(tokenFile(folder), line, { mode: 0o600 });
}
