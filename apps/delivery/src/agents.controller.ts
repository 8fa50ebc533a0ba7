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
import { DeliveryStore } from '@flotilla/control-store';
import { systemClock } from '@flotilla/foundation';
import { AnswersVerb, FleetMessage, VerbRequest, type FleetDelivery } from '@flotilla/platform-bus/nest';
import { Hellos } from './hellos.ts';
import { OrderSigner } from './order-signer.ts';
import { Questions } from './questions.ts';

const { ask, orderKeys, signCredential } = controlVerbs;

/** What agents tell `delivery`, what they are asked, and the keys that they believe. */
@Controller()
export class AgentsController {
  constructor(
    private readonly record: DeliveryStore,
    private readonly hellos: Hellos,
    private readonly questions: Questions,
    private readonly signer: OrderSigner,
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

  @AnswersVerb(ask)
  async ask(
    @VerbRequest(ask) { project, target, question }: z.output<typeof ask.request>,
  ): Promise<ControlResponse<typeof ask>> {
    return this.questions.ask(await this.record.clusterOf(project, target), question);
  }
}
