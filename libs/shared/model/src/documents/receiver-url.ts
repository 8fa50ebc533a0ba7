import { z } from 'zod';

/** An address outside that we send to, and that everybody may read: what is secret in it belongs into a credential. */
export const receiverUrlSchema = z
  .string()
  .max(2_048)
  .refine((text) => isReceiver(text), 'must be an https URL without user, password and fragment');

/** Plain http is for this machine only, as it is for repositories. */
function isReceiver(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.username || url.password || url.hash) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && ['127.0.0.1', '[::1]'].includes(url.hostname));
}
