import { operations } from '@flotilla/contracts';
import type { FlotillaClient } from '@flotilla/client';
import { defaultProject } from '@flotilla/model';
import { until } from '@flotilla/testing';
import { configurationPath, stagedApplication } from '../seed-files.ts';
import { demoRepository, type GitPusher } from './git.ts';

const params = { project: defaultProject };
const webhookCredential = 'shop-webhook';
const writeCredential = 'shop-write';

export interface Seed {
  readonly repositoryUrl: string;
  readonly webhookSecret: string;
  /** How the control plane may push. */
  readonly writer: GitPusher;
}

/** Tells the control plane of the seed repository; everything else it finds there by itself. Returns the hook's path. */
export async function seedFleet(
  client: FlotillaClient,
  { repositoryUrl, webhookSecret, writer }: Seed,
): Promise<string> {
  await client.call(operations.putCredential, {
    params: { ...params, name: webhookCredential },
    body: { kind: 'webhook', secret: webhookSecret },
  });
  await client.call(operations.putCredential, {
    params: { ...params, name: writeCredential },
    body: { kind: 'basic', origin: new URL(repositoryUrl).origin, ...writer },
  });
  const file = { file: 'shop-repository.yaml', text: repositoryDocument(repositoryUrl) };
  await client.call(operations.applyDocuments, { params, body: { files: [file] } });
  const repository = await client.call(operations.getDocument, {
    params: { ...params, plural: 'repositories', name: demoRepository },
  });
  return operations.hook.path.replace('{uid}', repository.metadata.uid);
}

/** Nobody has tried out a fleet yet whose production is empty. The order stands until the gates before it let the release in. */
export async function promoteFirstRelease(client: FlotillaClient): Promise<void> {
  const body = { application: stagedApplication, environment: 'production', reason: 'the first release' };
  await until(() => client.call(operations.promote, { params, body }), {
    what: `the first release of ${stagedApplication}`,
    timeoutMs: 30_000,
    intervalMs: 100,
  });
}

const repositoryDocument = (url: string) => `apiVersion: fleet.flotilla.dev/v1alpha1
kind: Repository
metadata: {name: ${demoRepository}}
spec:
  url: ${url}
  poll: {interval: 30s}
  webhook: {secret: ${webhookCredential}}
  write: {credential: ${writeCredential}}
  configuration: {branch: main, path: ${configurationPath}}
`;
