import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { controlVerbs, type ControlResponse } from '@flotilla/contracts';
import { previewRollback as preview, rollBack as carryOut } from '@flotilla/control-delivery';
import { RollbackStore } from '@flotilla/control-store';
import { systemIds } from '@flotilla/foundation';
import { AnswersVerb, VerbRequest } from '@flotilla/platform-bus/nest';
import { rollbackPreviewView } from './rollback-view.ts';

const { liftQuarantine, previewRollback, rollBack, unpin } = controlVerbs;

/** Orders to go back, and what follows from them. */
@Controller()
export class RollbackController {
  constructor(private readonly record: RollbackStore) {}

  @AnswersVerb(previewRollback)
  async preview(
    @VerbRequest(previewRollback) order: z.output<typeof previewRollback.request>,
  ): Promise<ControlResponse<typeof previewRollback>> {
    return rollbackPreviewView(await preview(this.record, order));
  }

  @AnswersVerb(rollBack)
  async rollBack(
    @VerbRequest(rollBack) { by, ...order }: z.output<typeof rollBack.request>,
  ): Promise<ControlResponse<typeof rollBack>> {
    return { rollback: await carryOut({ record: this.record, ids: systemIds }, order, by) };
  }

  @AnswersVerb(unpin)
  async unpin(
    @VerbRequest(unpin) { by, ...order }: z.output<typeof unpin.request>,
  ): Promise<ControlResponse<typeof unpin>> {
    return { targets: [...(await this.record.unpin(order, by))] };
  }

  @AnswersVerb(liftQuarantine)
  async liftQuarantine(
    @VerbRequest(liftQuarantine) { by, ...order }: z.output<typeof liftQuarantine.request>,
  ): Promise<ControlResponse<typeof liftQuarantine>> {
    return { digests: [...(await this.record.liftQuarantine(order, by))] };
  }
}
