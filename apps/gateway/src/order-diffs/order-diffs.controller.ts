import { Controller } from '@nestjs/common';
import { controlVerbs, operations, type OperationResponse } from '@flotilla/contracts';
import { ControlClient } from '@flotilla/platform-bus/nest';
import { Checked, Serves, type Input } from '../http/serves.ts';

const { diffPromotion, diffRollback } = operations;

/** What orders would change in clusters. `delivery`, which talks to agents, asks them. */
@Controller()
export class OrderDiffsController {
  constructor(private readonly control: ControlClient) {}

  @Serves(diffRollback)
  ofRollback(@Checked() { params, body }: Input<typeof diffRollback>): Promise<OperationResponse<typeof diffRollback>> {
    return this.control.ask(controlVerbs.diffRollback, { ...params, ...body });
  }

  @Serves(diffPromotion)
  ofPromotion(
    @Checked() { params, body }: Input<typeof diffPromotion>,
  ): Promise<OperationResponse<typeof diffPromotion>> {
    return this.control.ask(controlVerbs.diffPromotion, { ...params, ...body });
  }
}
