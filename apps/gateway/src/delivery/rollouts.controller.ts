import { Controller } from '@nestjs/common';
import { controlVerbs, operations, type OrderedRolloutView, type RolloutCourseView } from '@flotilla/contracts';
import { StoredDelivery } from '@flotilla/control-store';
import { Fault } from '@flotilla/foundation';
import { ControlClient } from '@flotilla/platform-bus/nest';
import { orderGiver } from '../http/order-giver.ts';
import { Checked, Serves, type Input } from '../http/serves.ts';
import { rolloutCourseView } from '../views/delivery-views.ts';

const { getRollout, steerRollout } = operations;

/** Rollouts wave by wave, and what people want of them. */
@Controller()
export class RolloutsController {
  constructor(
    private readonly delivery: StoredDelivery,
    private readonly control: ControlClient,
  ) {}

  @Serves(getRollout)
  async rollout(@Checked() { params }: Input<typeof getRollout>): Promise<RolloutCourseView> {
    const { items } = await this.delivery.rollouts({ ...params, page: { limit: 1 } });
    const [newest] = items;
    if (newest) return rolloutCourseView(newest, await this.delivery.waves(newest.uid));
    const message = `no release of ${params.application} ever entered ${params.environment}`;
    throw new Fault({ code: 'not-found', reason: 'RolloutMissing', message });
  }

  @Serves(steerRollout)
  steer(@Checked() { params, body, ...giver }: Input<typeof steerRollout>): Promise<OrderedRolloutView> {
    return this.control.ask(controlVerbs.steerRollout, { ...params, ...body, by: orderGiver(giver) });
  }
}
