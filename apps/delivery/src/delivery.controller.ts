import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { controlVerbs, type ControlResponse } from '@flotilla/contracts';
import { DeliveryStore } from '@flotilla/control-store';
import { isoTime, systemClock, systemIds } from '@flotilla/foundation';
import { actorText } from '@flotilla/model';
import { AnswersVerb, VerbRequest } from '@flotilla/platform-bus/nest';

const { breakGlass, resume, steerRollout, suspend, sync } = controlVerbs;

/** Orders about targets that stand, and about rollouts that are under way. */
@Controller()
export class DeliveryController {
  constructor(private readonly record: DeliveryStore) {}

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

  @AnswersVerb(steerRollout)
  async steerRollout(
    @VerbRequest(steerRollout) { by, ...steering }: z.output<typeof steerRollout.request>,
  ): Promise<ControlResponse<typeof steerRollout>> {
    const { clusters, ...ordered } = await this.record.steerRollout(steering, by);
    return { ...ordered, clusters: [...clusters] };
  }
}
