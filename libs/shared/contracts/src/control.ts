import { orderedRolloutView, rolloutOperations } from './http/rollouts.ts';
import { z } from 'zod';
import { labelsSchema, nameSchema, uidSchema, upgradeOrders, upgradeRequestSchema } from '@flotilla/model';
import { documentOperations } from './http/documents.ts';
import { orderDiffOperations } from './http/order-diffs.ts';
import { promotionOperations } from './http/promotion.ts';
import { recoveredView, recoveryOperations, recoveryPlanView } from './http/recovery.ts';
import { rollbackOperations, rollbackOrderSchema, rollbackPreviewView } from './http/rollbacks.ts';
import { answerSchema, askSchema } from './messages/ask.ts';
import { enrolAnswerSchema, enrolRequestSchema } from './messages/enrol.ts';
import { credentialSchema, renewAnswerSchema, renewRequestSchema } from './messages/renew.ts';
import { orderKeySchema } from './messages/signed.ts';
import type { ControlService } from './subjects.ts';

/** One thing that a service does when another asks: request and answer on `ctl.{service}.{name}`. */
export interface ControlVerb<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> {
  readonly service: ControlService;
  readonly name: string;
  readonly request: Request;
  readonly response: Response;
}

function verb<Request extends z.ZodType, Response extends z.ZodType>(
  service: ControlService,
  name: string,
  shapes: { request: Request; response: Response },
): ControlVerb<Request, Response> {
  return { service, name, ...shapes };
}

const selection = z.object({
  project: nameSchema,
  application: nameSchema.optional(),
  environment: nameSchema.optional(),
  cluster: nameSchema.optional(),
});

const actor = z.object({ kind: z.enum(['user', 'policy', 'system']), name: z.string() });
/** Who gives an order, and the request that brings it: one that comes again is carried out once. */
const orderGiver = actor.extend({ request: z.string().optional() });
const selected = z.object({ targets: z.array(z.object({ uid: z.string(), name: z.string() })) });
const repositoryFound = z.object({ repository: z.string() });
const upgradeFound = z.object({ upgrade: uidSchema });
const nothing = z.object({});

/** Every request between the services of the control plane. */
export const controlVerbs = {
  /** A webhook came in; who holds the secret says whether it counts. */
  hook: verb('sources', 'hook', {
    request: z.object({ repository: uidSchema, signature: z.string().max(200).optional(), body: z.base64() }),
    response: repositoryFound,
  }),
  look: verb('sources', 'look', {
    request: z.object({ project: nameSchema, repository: nameSchema }),
    response: repositoryFound,
  }),
  putCredential: verb('sources', 'put-credential', {
    request: z.object({
      project: nameSchema,
      name: nameSchema,
      credential: documentOperations.putCredential.body!,
      /** A gateway of the version before does not say. */
      by: actor.optional(),
    }),
    response: nothing,
  }),
  join: verb('status', 'join', {
    request: z.object({ project: nameSchema, name: nameSchema, labels: labelsSchema.optional(), by: actor }),
    response: z.object({ cluster: uidSchema, token: z.string(), expiresAt: z.string() }),
  }),
  label: verb('status', 'label', {
    request: z.object({ project: nameSchema, name: nameSchema, labels: labelsSchema, by: actor }),
    response: z.object({ cluster: uidSchema }),
  }),
  forget: verb('status', 'forget', {
    request: z.object({ project: nameSchema, name: nameSchema, evenConnected: z.boolean(), by: actor }),
    response: z.object({ cluster: uidSchema }),
  }),
  enrol: verb('status', 'enrol', { request: enrolRequestSchema, response: enrolAnswerSchema }),
  renew: verb('status', 'renew', { request: renewRequestSchema, response: renewAnswerSchema }),
  /** Shuts out whoever holds an identity of this cluster: from the record at once, from the broker within seconds. */
  revoke: verb('status', 'revoke', {
    request: z.object({ project: nameSchema, name: nameSchema, reason: z.string(), by: actor }),
    response: z.object({ cluster: uidSchema }),
  }),
  orderKeys: verb('delivery', 'order-keys', {
    request: nothing,
    response: z.object({ keys: z.array(orderKeySchema), list: z.int() }),
  }),
  /** Signs a new identity as an order: `status` makes identities, and no service but `delivery` orders agents about. */
  signCredential: verb('delivery', 'sign-credential', {
    request: credentialSchema.omit({ v: true, at: true }),
    response: renewAnswerSchema,
  }),
  sync: verb('delivery', 'sync', { request: z.object({ selection, by: orderGiver }), response: selected }),
  suspend: verb('delivery', 'suspend', {
    request: z.object({ selection, reason: z.string(), by: orderGiver }),
    response: selected,
  }),
  resume: verb('delivery', 'resume', { request: z.object({ selection, by: orderGiver }), response: selected }),
  /** Lets the newest release of some targets pass their freezes, and nothing else, until then. */
  breakGlass: verb('delivery', 'break-glass', {
    request: z.object({ selection, reason: z.string(), forMs: z.int().min(0), by: orderGiver }),
    response: selected,
  }),
  promote: verb('delivery', 'promote', {
    request: promotionOperations.promote.body!.extend({ project: nameSchema, by: orderGiver }),
    response: promotionOperations.promote.response,
  }),
  approve: verb('delivery', 'approve', {
    request: promotionOperations.approve.body!.extend({ project: nameSchema, by: orderGiver }),
    response: promotionOperations.approve.response,
  }),
  overrideGates: verb('delivery', 'override-gates', {
    request: promotionOperations.overrideGates.body!.extend({ project: nameSchema, by: orderGiver }),
    response: promotionOperations.overrideGates.response,
  }),
  holdStage: verb('delivery', 'hold-stage', {
    request: promotionOperations.holdStage
      .body!.omit({ for: true })
      .extend({ project: nameSchema, forMs: z.int().min(1).optional(), by: orderGiver }),
    response: promotionOperations.holdStage.response,
  }),
  unholdStage: verb('delivery', 'unhold-stage', {
    request: promotionOperations.unholdStage.body!.extend({ project: nameSchema, by: orderGiver }),
    response: promotionOperations.unholdStage.response,
  }),
  previewRollback: verb('delivery', 'preview-rollback', {
    request: rollbackOperations.previewRollback.body!.extend({ project: nameSchema }),
    response: rollbackPreviewView,
  }),
  rollBack: verb('delivery', 'roll-back', {
    request: rollbackOrderSchema.extend({ project: nameSchema, by: orderGiver }),
    response: z.object({ rollback: uidSchema }),
  }),
  /** Asks agents what an order would change, and waits for a few of them for as long as a person would. */
  diffRollback: verb('delivery', 'diff-rollback', {
    request: orderDiffOperations.diffRollback.body!.extend({ project: nameSchema }),
    response: orderDiffOperations.diffRollback.response,
  }),
  diffPromotion: verb('delivery', 'diff-promotion', {
    request: orderDiffOperations.diffPromotion.body!.extend({ project: nameSchema }),
    response: orderDiffOperations.diffPromotion.response,
  }),
  unpin: verb('delivery', 'unpin', {
    request: z.object({ selection, forward: z.boolean(), reason: z.string(), by: orderGiver }),
    response: selected,
  }),
  liftQuarantine: verb('delivery', 'lift-quarantine', {
    request: rollbackOperations.liftQuarantine.body!.extend({ project: nameSchema, by: orderGiver }),
    response: z.object({ digests: z.array(z.string()) }),
  }),
  /** Brings another agent into clusters, a few at a time. */
  openUpgrade: verb('delivery', 'open-upgrade', {
    request: upgradeRequestSchema.extend({ project: nameSchema, by: orderGiver }),
    response: upgradeFound,
  }),
  steerUpgrade: verb('delivery', 'steer-upgrade', {
    request: z.object({ project: nameSchema, order: z.enum(upgradeOrders), by: orderGiver }),
    response: upgradeFound,
  }),
  /** What a person wants of the rollout that is open in an environment. */
  steerRollout: verb('delivery', 'steer-rollout', {
    request: rolloutOperations.steerRollout.params!.extend({
      cluster: nameSchema.optional(),
      rollout: uidSchema.optional(),
      by: orderGiver,
    }),
    response: orderedRolloutView,
  }),
  planRecovery: verb('delivery', 'plan-recovery', { request: nothing, response: recoveryPlanView }),
  recover: verb('delivery', 'recover', {
    request: recoveryOperations.recover.body!.extend({ by: actor }),
    response: recoveredView,
  }),
  /** Signs a question, sends it to the cluster of the target, and waits for what the agent says. */
  ask: verb('delivery', 'ask', {
    request: z.object({ project: nameSchema, target: uidSchema, question: askSchema.shape.question }),
    response: answerSchema,
  }),
} as const;

/** What a verb is asked with, before defaults are filled in. */
export type ControlRequest<Verb extends ControlVerb> =
  Verb extends ControlVerb<infer Request> ? z.input<Request> : never;
/** What a verb answers, checked. */
export type ControlResponse<Verb extends ControlVerb> =
  Verb extends ControlVerb<z.ZodType, infer Response> ? z.output<Response> : never;

/** What changed, as a service tells gateways on `ctl.changed.*`: ids only, `*` for something of its kind. */
export const changeSchema = z.object({ project: nameSchema, ids: z.array(z.string().max(200)).max(200_000) });

/** A fault as it crosses from one service to another. */
export const faultWireSchema = z.object({
  code: z.string(),
  reason: z.string(),
  message: z.string(),
  subject: z.string().optional(),
});
