import { Fault } from '@flotilla/foundation';
import type { Credentials } from './credentials.port.ts';
import type { Repositories } from './repositories.port.ts';
import { verifyWebhook, type WebhookRequest } from './webhook.ts';

/**
 * Takes a webhook for a repository. Whatever is wrong, an unknown repository or a bad signature, the answer is the
 * same, so that nobody can find out which repositories exist.
 */
export async function takeWebhook(
  { repositories, credentials }: { repositories: Repositories; credentials: Credentials },
  uid: string,
  request: WebhookRequest,
): Promise<{ repository: string }> {
  const repository = await repositories.byUid(uid);
  const name = repository?.document.spec.webhook?.secret;
  const credential = repository && name ? await credentials.get(repository.document.metadata.project, name) : undefined;
  const secret = credential?.kind === 'webhook' ? credential.secret.reveal() : undefined;
  const verified = verifyWebhook(request, secret);
  if (!repository || !verified.ok) {
    throw new Fault({ code: 'unauthenticated', reason: 'WebhookRefused', message: 'this webhook is not known here' });
  }
  await repositories.lookSoon(uid);
  return { repository: repository.document.metadata.name };
}

/** A person asks to look now. */
export async function lookNow(
  repositories: Repositories,
  project: string,
  name: string,
): Promise<{ repository: string }> {
  const repository = await repositories.byName(project, name);
  if (!repository) {
    const message = `there is no Repository ${project}/${name}`;
    throw new Fault({ code: 'not-found', reason: 'RepositoryMissing', message });
  }
  await repositories.lookSoon(repository.uid);
  return { repository: name };
}
