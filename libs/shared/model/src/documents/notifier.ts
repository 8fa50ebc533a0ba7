import { z } from 'zod';
import { nameSchema } from '../names.ts';
import { documentSchema } from './common.ts';
import { receiverUrlSchema } from './receiver-url.ts';

/** What a person waits to hear of: actions of the ledger, `*` for any part: `freeze.*`. */
const actionSchema = z
  .string()
  .max(64)
  .regex(/^([a-z*]+)\.([a-z*-]+)$/, 'must be an action of the ledger such as rollout.halt, or freeze.*');

const receiverSchema = z
  .strictObject({
    /** Signed with the secret of this credential, so that the receiver knows who speaks. */
    webhook: z.strictObject({ url: receiverUrlSchema, secret: nameSchema }).optional(),
    /** The address of a Slack-compatible hook is a secret in itself, and is a credential of the kind `address`. */
    slack: z.strictObject({ address: nameSchema }).optional(),
  })
  .refine(({ webhook, slack }) => (webhook === undefined) !== (slack === undefined), {
    message: 'says exactly one of `webhook` and `slack`',
  });

/** Tells somebody outside of what happened: lines of the ledger, as they are written. */
export const notifierSchema = documentSchema(
  'Notifier',
  z.strictObject({
    when: z.array(actionSchema).min(1).max(50),
    /** Only lines about these: `Target shop/checkout.production.*`. All of them where nothing is said. */
    subjects: z.array(z.string().min(1).max(253)).min(1).max(50).optional(),
    to: receiverSchema,
  }),
);

export type NotifierDocument = z.infer<typeof notifierSchema>;
