import { operations } from '@flotilla/contracts';
import { hmacSha256 } from '@flotilla/foundation/node';
import { fleetDocuments, type FleetDocumentsOptions } from './fleet-documents.ts';
import type { PlaneFixture } from './plane-fixture.ts';

const secret = 'the-secret-of-the-hook';
const params = { project: 'default' };

/**
 * Applies the documents of a fleet whose repository `shop` has a webhook, and returns what tells the control plane of a
 * push, as a Git host would.
 */
export async function applyHookedFleet(
  plane: PlaneFixture,
  applications: readonly string[],
  options: Omit<FleetDocumentsOptions, 'url'> = {},
): Promise<() => void> {
  await plane.client.call(operations.putCredential, {
    params: { ...params, name: 'hook' },
    body: { kind: 'webhook', secret },
  });
  const text = fleetDocuments(applications, { ...options, url: plane.git.url('shop') }).replace(
    /spec: \{url: (.+)\}/,
    'spec: {url: $1, webhook: {secret: hook}}',
  );
  await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'f.yaml', text }] } });
  const { metadata } = await plane.client.call(operations.getDocument, {
    params: { ...params, plural: 'repositories', name: 'shop' },
  });
  const body = '{}';
  const headers = { 'x-hub-signature-256': `sha256=${hmacSha256(secret, body)}` };
  const post = () => fetch(`${plane.urls[0]}/hooks/${metadata.uid}`, { method: 'POST', body, headers });
  // A Git host that is not heard says nothing more; whoever polls finds out.
  return () => void post().catch(() => undefined);
}
