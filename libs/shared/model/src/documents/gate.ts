import { z } from 'zod';
import { actorTextMax } from '../actor.ts';
import { nameSchema } from '../names.ts';
import { durationSchema, durationWithin } from './common.ts';
import { receiverUrlSchema } from './receiver-url.ts';
import { openingSchema } from './sync-windows.ts';

/** The name that somebody has to the API: what a token is made out to. What they order names them as `user:NAME`. */
export const userNameSchema = z
  .string()
  .min(1)
  .max(actorTextMax - 'user:'.length)
  .regex(/^[\x21-\x7e]+$/, 'must be the name of a user, without spaces');

/** How long an approval counts where its gate does not say. */
export const approvalExpiresDefault = '7d';

/** So many of these people have to agree, each for exactly the inputs that would enter. */
const approvalSchema = z
  .strictObject({
    /** A group of the project. */
    group: nameSchema.optional(),
    users: z.array(userNameSchema).min(1).max(100).optional(),
    count: z.int().min(1).max(20).default(1),
    /** How long one that was given counts. */
    expires: durationSchema.optional(),
  })
  .superRefine(({ group, users, count }, context) => {
    if ((group === undefined) === (users === undefined)) {
      context.addIssue({ code: 'custom', message: 'must name either a `group` or `users`' });
    } else if (users && new Set(users).size < count) {
      const message = `must not be more than the ${new Set(users).size} users that may approve`;
      context.addIssue({ code: 'custom', message, path: ['count'] });
    }
  });

export type ApprovalGate = z.infer<typeof approvalSchema>;

/** How long somebody outside is left alone who said to wait, and how long it counts when they let a release in. */
export const webGateDefaults = { every: '1m', expires: '1h' } as const;
/** Whoever is asked more often than this is attacked; who is asked more rarely is forgotten. */
const everySchema = durationWithin('1s', '1d');
const lastingSchema = durationWithin('1s', '30d');

/** Somebody outside is asked over HTTPS, and has to let in exactly the inputs that would enter. */
const webSchema = z.strictObject({
  url: receiverUrlSchema,
  /** The question is signed with the secret of this credential, so that whoever is asked knows who asks. */
  secret: nameSchema,
  /** How long it is before they are asked again. */
  every: everySchema.optional(),
  /** How long it counts that they let it in. */
  expires: lastingSchema.optional(),
});

export type WebGate = z.infer<typeof webSchema>;

const gateShape = {
  /** How long a release has to have been well in every stage that is followed. */
  soak: durationSchema.optional(),
  approval: approvalSchema.optional(),
  /** When a release may enter. */
  window: openingSchema.optional(),
  /** Another application that has to have arrived somewhere, and to be well there. */
  dependency: z.strictObject({ application: nameSchema, environment: nameSchema }).optional(),
  web: webSchema.optional(),
};

/** The kinds of gates that people write; that all stages that are followed are well is one that is always there. */
export const gateKinds = Object.keys(gateShape) as readonly (keyof typeof gateShape)[];

/** What holds a release back from a stage: one thing each. */
export const gateSchema = z.strictObject(gateShape).refine((gate) => Object.keys(gate).length === 1, {
  message: `must be exactly one of ${gateKinds.join(', ')}`,
  // Who wrote a field that is none is told of that alone.
  when: ({ issues }) => issues.length === 0,
});

export type Gate = z.infer<typeof gateSchema>;

/** What holds a rollout back before one of its waves: one thing each. */
export const waveGateSchema = gateSchema.refine(({ soak }) => soak === undefined, {
  message: 'is no gate of a wave; `minSuccessTime` of the wave before it is how long that has to be well',
  path: ['soak'],
});

/** The gates of one place. An answer is found by the address that gave it, so each is asked once. */
export function gatesSchema(gate: typeof gateSchema) {
  return z.array(gate).refine(asksEachOnce, 'must not ask the same `url` twice');
}

function asksEachOnce(gates: readonly Gate[]): boolean {
  const urls = gates.flatMap(({ web }) => web?.url ?? []);
  return new Set(urls).size === urls.length;
}
