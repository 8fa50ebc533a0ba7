import { Controller } from '@nestjs/common';
import { controlVerbs, operations, type OperationResponse } from '@flotilla/contracts';
import { ControlClient } from '@flotilla/platform-bus/nest';
import { Checked, Serves, type Input } from '../http/serves.ts';

const { planRecovery, recover } = operations;

/** What becomes of the fleet after its database was restored. `delivery`, which counts epochs, answers. */
@Controller()
export class RecoveryController {
  constructor(private readonly control: ControlClient) {}

  @Serves(planRecovery)
  plan(): Promise<OperationResponse<typeof planRecovery>> {
    return this.control.ask(controlVerbs.planRecovery, {});
  }

  @Serves(recover)
  recover(@Checked() { body, principal }: Input<typeof recover>): Promise<OperationResponse<typeof recover>> {
    return this.control.ask(controlVerbs.recover, { ...body, by: { kind: 'user', name: principal.name } });
  }
}
