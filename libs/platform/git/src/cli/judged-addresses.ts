import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { gitFault } from '../git-faults.ts';
import type { AddressPolicy } from '../http/address-policy.ts';
import type { RemoteUrl } from '../http/remote-url.ts';

/**
 * Resolves a remote's host here and judges what comes out, because the command's own look-up cannot be watched; the
 * command is then told to dial these addresses and no others. An address that is written out needs no such order.
 */
export async function judgedAddresses(url: RemoteUrl, policy: AddressPolicy): Promise<string[]> {
  const hostname = new URL(url.origin).hostname.replace(/^\[|\]$/g, '');
  if (isIP(hostname)) {
    policy(hostname, hostname);
    return [];
  }
  const found = await lookup(hostname, { all: true }).catch((cause: NodeJS.ErrnoException) => {
    const message = `${url.origin}${url.path} cannot be reached (${cause.code})`;
    throw gitFault('GitHostUnreachable', { message, subject: url.origin + url.path, cause });
  });
  for (const { address } of found) policy(address, hostname);
  return found.map(({ address }) => (address.includes(':') ? `[${address}]` : address));
}
