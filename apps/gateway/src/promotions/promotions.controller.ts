import { Controller } from '@nestjs/common';
import { controlVerbs, operations, type OperationResponse } from '@flotilla/contracts';
import { StoredDelivery } from '@flotilla/control-store';
import { parseDuration } from '@flotilla/foundation';
import { ControlClient } from '@flotilla/platform-bus/nest';
import { orderGiver } from '../http/order-giver.ts';
import { Checked, Serves, type Input } from '../http/serves.ts';
import { stageView } from '../views/delivery-views.ts';
import { pageRequest, viewPage } from '../views/pages.ts';

const { approve, holdStage, listStages, overrideGates, promote, unholdStage } = operations;

/** Stages that come after others, and what people have to say about what enters them. */
@Controller()
export class PromotionsController {
  constructor(
    private readonly delivery: StoredDelivery,
    private readonly control: ControlClient,
  ) {}

  @Serves(listStages)
  async stages(@Checked() { params, query }: Input<typeof listStages>): Promise<OperationResponse<typeof listStages>> {
    return viewPage(await this.delivery.stages({ ...query, ...params, page: pageRequest(query) }), stageView);
  }

  @Serves(promote)
  promote(@Checked() { params, body, ...giver }: Input<typeof promote>): Promise<OperationResponse<typeof promote>> {
    return this.control.ask(controlVerbs.promote, { ...params, ...body, by: orderGiver(giver) });
  }

  @Serves(approve)
  approve(@Checked() { params, body, ...giver }: Input<typeof approve>): Promise<OperationResponse<typeof approve>> {
    return this.control.ask(controlVerbs.approve, { ...params, ...body, by: orderGiver(giver) });
  }

  @Serves(overrideGates)
  override(
    @Checked() { params, body, ...giver }: Input<typeof overrideGates>,
  ): Promise<OperationResponse<typeof overrideGates>> {
    return this.control.ask(controlVerbs.overrideGates, { ...params, ...body, by: orderGiver(giver) });
  }

  @Serves(holdStage)
  hold(@Checked() { params, body, ...giver }: Input<typeof holdStage>): Promise<OperationResponse<typeof holdStage>> {
    const { for: time, ...order } = body;
    const forMs = time === undefined ? undefined : parseDuration(time);
    return this.control.ask(controlVerbs.holdStage, { ...params, ...order, forMs, by: orderGiver(giver) });
  }

  @Serves(unholdStage)
  unhold(
    @Checked() { params, body, ...giver }: Input<typeof unholdStage>,
  ): Promise<OperationResponse<typeof unholdStage>> {
    return this.control.ask(controlVerbs.unholdStage, { ...params, ...body, by: orderGiver(giver) });
  }
}
