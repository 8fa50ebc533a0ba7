import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { controlVerbs, type ControlResponse } from '@flotilla/contracts';
import { UpgradeStore } from '@flotilla/control-store';
import { AnswersVerb, VerbRequest } from '@flotilla/platform-bus/nest';

const { openUpgrade, steerUpgrade } = controlVerbs;

/** Orders about upgrades of agents. */
@Controller()
export class UpgradeController {
  constructor(private readonly upgrades: UpgradeStore) {}

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
}
