import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { controlVerbs, type ControlResponse } from '@flotilla/contracts';
import { PromotionStore } from '@flotilla/control-store';
import { AnswersVerb, VerbRequest } from '@flotilla/platform-bus/nest';

const { approve, holdStage, overrideGates, promote, unholdStage } = controlVerbs;

/** What people have to say about releases before stages. */
@Controller()
export class PromotionController {
  constructor(private readonly promotions: PromotionStore) {}

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
}
