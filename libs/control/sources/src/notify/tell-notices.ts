import { hmacSha256 } from '@flotilla/foundation/node';
import { credentialMissing } from '../credential-missing.ts';
import type { Credentials } from '../credentials.port.ts';
import { slackBody, webhookBody } from './notice-text.ts';
import type { Delivery, Notices, Post, Receivers } from './notices.port.ts';

/** What telling needs: what is to be told, the secrets of receivers, and the way to them. */
export interface TellPorts {
  readonly notices: Notices;
  readonly credentials: Pick<Credentials, 'get'>;
  readonly receivers: Receivers;
  /** Where people find the page, if anywhere. */
  readonly publicUrl: string | undefined;
}

/** A chat takes one message a second; whoever is told faster than that stops listening. */
const pauseMs = 1_000;

/**
 * Tells one receiver what is due to it, and says in how long to come again. What it does not take stays as it is, under
 * the same id: work that fails is tried again, or waits for a person, like any other.
 */
export async function tellNotices(
  ports: TellPorts,
  notifier: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const delivery = await ports.notices.next(notifier);
  if (!delivery) return undefined;
  await ports.receivers.post(await postOf(delivery, ports), signal);
  await ports.notices.delivered(delivery);
  return delivery.waiting > 0 ? pauseMs : undefined;
}

async function postOf(delivery: Delivery, { credentials, publicUrl }: TellPorts): Promise<Post> {
  const { webhook, slack } = delivery.to;
  const name = webhook?.secret ?? slack?.address ?? '';
  const credential = await credentials.get(delivery.project, name);
  const known = { 'content-type': 'application/json', 'flotilla-delivery': delivery.id };
  if (webhook && credential?.kind === 'webhook') {
    const body = webhookBody(delivery, publicUrl);
    const signature = `sha256=${hmacSha256(credential.secret.reveal(), body)}`;
    return { url: webhook.url, headers: { ...known, 'flotilla-signature': signature }, body };
  }
  if (slack && credential?.kind === 'address')
    return { url: credential.address.reveal(), headers: known, body: slackBody(delivery, publicUrl) };
  const { project, notifier } = delivery;
  throw credentialMissing(`notifier ${notifier}`, { project, name, kind: webhook ? 'webhook' : 'address' });
}
