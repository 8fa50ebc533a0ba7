import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import {
  answerSchema,
  controlVerbs,
  helloSchema,
  type Answer,
  type ControlResponse,
  type Hello,
} from '@flotilla/contracts';
import { DeliveryStore, PromotionStore, UpgradeStore } from '@flotilla/control-store';
import { isoTime, systemClock, systemIds } from '@flotilla/foundation';
import { actorText } from '@flotilla/model';
import { AnswersVerb, FleetMessage, VerbRequest, type FleetDelivery } from '@flotilla/platform-bus/nest';
import { Hellos } from './hellos.ts';
import { OrderSigner } from './order-signer.ts';
import { Questions } from './questions.ts';
import { Recovery } from './recovery.ts';
import { recoveryPlanView } from './recovery-view.ts';

const {
  approve,
  ask,
  breakGlass,
  holdStage,
  openUpgrade,
  orderKeys,
  overrideGates,
  planRecovery,
  promote,
  recover,
  resume,
  signCredential,
  steerRollout,
  steerUpgrade,
  suspend,
  sync,
  unholdStage,
} = controlVerbs;

/** What agents tell `delivery`, and what other services ask of it. */
@Controller()
export class DeliveryController {
  constructor(
    private readonly record: DeliveryStore,
    private readonly hellos: Hellos,
    private readonly questions: Questions,
    private readonly signer: OrderSigner,
    private readonly upgrades: UpgradeStore,
    private readonly recovery: Recovery,
    private readonly promotions: PromotionStore,
  ) {}

  @FleetMessage('hello', helloSchema)
  heard({ cluster, message }: FleetDelivery<Hello>): Promise<void> {
    const { instance, leaseTransitions, kubernetesUid, fence, setDigest, keyList, facts, upgrade: progress } = message;
    const upgrade = progress && { version: facts.agentVersion, progress };
    const held = { ...fence, setDigest };
    return this.hellos.heard({ cluster, instance, leaseTransitions, kubernetesUid, held, keyList, upgrade });
  }

  @FleetMessage('answer', answerSchema, { everyReplica: true })
  answered({ cluster, message }: FleetDelivery<Answer>): void {
    this.questions.answered(cluster, message);
  }

  @AnswersVerb(orderKeys)
  orderKeys(): ControlResponse<typeof orderKeys> {
    const { keys, number } = this.signer.newest;
    return { keys, list: number };
  }

  @AnswersVerb(signCredential)
  signCredential(
    @VerbRequest(signCredential) request: z.output<typeof signCredential.request>,
  ): ControlResponse<typeof signCredential> {
    const credential = this.signer.signText('credential', request, systemClock.now());
    return { credential, keyLists: [...this.signer.listsAfter(0)] };
  }

  @AnswersVerb(sync)
  async sync(
    @VerbRequest(sync) { selection, by }: z.output<typeof sync.request>,
  ): Promise<ControlResponse<typeof sync>> {
    return { targets: [...(await this.record.requestSync(selection, systemIds.next(), by))] };
  }

  @AnswersVerb(suspend)
  async suspend(
    @VerbRequest(suspend) { selection, reason, by }: z.output<typeof suspend.request>,
  ): Promise<ControlResponse<typeof suspend>> {
    const suspension = { by: actorText(by), reason, since: isoTime(systemClock.now()) };
    return { targets: [...(await this.record.suspend(selection, suspension, by))] };
  }

  @AnswersVerb(resume)
  async resume(
    @VerbRequest(resume) { selection, by }: z.output<typeof resume.request>,
  ): Promise<ControlResponse<typeof resume>> {
    return { targets: [...(await this.record.suspend(selection, undefined, by))] };
  }

  @AnswersVerb(breakGlass)
  async breakGlass(
    @VerbRequest(breakGlass) { selection, reason, forMs, by }: z.output<typeof breakGlass.request>,
  ): Promise<ControlResponse<typeof breakGlass>> {
    const now = systemClock.now();
    const breaking = { reason, since: isoTime(now), expires: isoTime(now + forMs) };
    return { targets: [...(await this.record.breakGlass(selection, breaking, by))] };
  }

  @AnswersVerb(promote)
  promote(
    @VerbRequest(promote) { by, instead = false, ...order }: z.output<typeof promote.request>,
  ): Promise<ControlResponse<typeof promote>> {
    return this.promotions.promote({ ...order, instead }, by);
  }

  @AnswersVerb(approve)
  approve(
    @VerbRequest(approve) { by, ...order }: z.output<typeof approve.request>,
  ): Promise<ControlResponse<typeof approve>> {
    return this.promotions.approve(order, by);
  }

  @AnswersVerb(overrideGates)
  async override(
    @VerbRequest(overrideGates) { by, ...order }: z.output<typeof overrideGates.request>,
  ): Promise<ControlResponse<typeof overrideGates>> {
    const { gates, ...overridden } = await this.promotions.override(order, by);
    return { ...overridden, gates: [...gates] };
  }

  @AnswersVerb(holdStage)
  hold(
    @VerbRequest(holdStage) { by, ...order }: z.output<typeof holdStage.request>,
  ): Promise<ControlResponse<typeof holdStage>> {
    return this.promotions.hold(order, by);
  }

  @AnswersVerb(unholdStage)
  async unhold(
    @VerbRequest(unholdStage) { by, ...order }: z.output<typeof unholdStage.request>,
  ): Promise<ControlResponse<typeof unholdStage>> {
    return { holds: [...(await this.promotions.unhold(order, by)).holds] };
  }

  @AnswersVerb(openUpgrade)
  async openUpgrade(
    @VerbRequest(openUpgrade) { project, by, ...request }: z.output<typeof openUpgrade.request>,
  ): Promise<ControlResponse<typeof openUpgrade>> {
    return { upgrade: await this.upgrades.open(project, request, by) };
  }

  @AnswersVerb(steerUpgrade)
  async steerUpgrade(
    @VerbRequest(steerUpgrade) { project, order, by }: z.output<typeof steerUpgrade.request>,
  ): Promise<ControlResponse<typeof steerUpgrade>> {
    return { upgrade: await this.upgrades.steer(project, order, by) };
  }

  @AnswersVerb(steerRollout)
  async steerRollout(
    @VerbRequest(steerRollout) { by, ...steering }: z.output<typeof steerRollout.request>,
  ): Promise<ControlResponse<typeof steerRollout>> {
    const { clusters, ...ordered } = await this.record.steerRollout(steering, by);
    return { ...ordered, clusters: [...clusters] };
  }

  @AnswersVerb(planRecovery)
  async planRecovery(): Promise<ControlResponse<typeof planRecovery>> {
    return recoveryPlanView(await this.recovery.plan());
  }

  @AnswersVerb(recover)
  recover(@VerbRequest(recover) order: z.output<typeof recover.request>): Promise<ControlResponse<typeof recover>> {
    return this.recovery.record.recover(order);
  }

  @AnswersVerb(ask)
  async ask(
    @VerbRequest(ask) { project, target, question }: z.output<typeof ask.request>,
  ): Promise<ControlResponse<typeof ask>> {
    return this.questions.ask(await this.record.clusterOf(project, target), question);
  }
}
