import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { controlVerbs, type ControlResponse } from '@flotilla/contracts';
import { AnswersVerb, VerbRequest } from '@flotilla/platform-bus/nest';
import { Recovery } from './recovery.ts';
import { recoveryPlanView } from './recovery-view.ts';

const { planRecovery, recover } = controlVerbs;

/** What becomes of the fleet after its database was restored. */
@Controller()
export class RecoveryController {
  constructor(private readonly recovery: Recovery) {}

  @AnswersVerb(planRecovery)
  async planRecovery(): Promise<ControlResponse<typeof planRecovery>> {
    return recoveryPlanView(await this.recovery.plan());
  }

  @AnswersVerb(recover)
  recover(@VerbRequest(recover) order: z.output<typeof recover.request>): Promise<ControlResponse<typeof recover>> {
    return this.recovery.record.recover(order);
  }
}
