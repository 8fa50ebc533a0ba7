import { operations } from '@flotilla/contracts';
import type { FlotillaClient } from '@flotilla/client';
import { defaultProject } from '@flotilla/model';
import { configurationPath } from '../seed-files.ts';
import { demoRepository } from './git.ts';

const params = { project: defaultProject };
const webhookCredential = 'shop-webhook';

/** Tells the control plane of the seed repository; everything else it finds there by itself. Returns the hook's path. */
export async function seedFleet(client: FlotillaClient, repositoryUrl: string, webhookSecret: string): Promise<string> {
  await client.call(operations.putCredential, {
    params: { ...params, name: webhookCredential },
    body: { kind: 'webhook', secret: webhookSecret },
  });
  const file = { file: 'shop-repository.yaml', text: repositoryDocument(repositoryUrl) };
  await client.call(operations.applyDocuments, { params, body: { files: [file] } });
  const repository = await client.call(operations.getDocument, {
    params: { ...params, plural: 'repositories', name: demoRepository },
  });
  return operations.hook.path.replace('{uid}', repository.metadata.uid);
}

const repositoryDocument = (url: string) => `apiVersion: fleet.flotilla.dev/v1alpha1
kind: Repository
metadata: {name: ${demoRepository}}
spec:
  url: ${url}
  poll: {interval: 30s}
  webhook: {secret: ${webhookCredential}}
  configuration: {branch: main, path: ${configurationPath}}
`;
