import { Controller } from '@nestjs/common';
import {
  controlVerbs,
  operations,
  type ControlRequest,
  type OperationResponse,
  type RollbackView,
} from '@flotilla/contracts';
import { StoredRollbacks } from '@flotilla/control-store';
import { Fault } from '@flotilla/foundation';
import { ControlClient } from '@flotilla/platform-bus/nest';
import { orderGiver } from '../http/order-giver.ts';
import { Checked, Serves, type Input } from '../http/serves.ts';
import { pageRequest, viewPage } from '../views/pages.ts';
import { quarantineView, rollbackView } from '../views/rollback-views.ts';

const { breakGlassRollback, getRollback, liftQuarantine, listQuarantine } = operations;
const { listRollbacks, openRollback, previewRollback, unpinTargets } = operations;

/** Going back: what it would do, the order itself, what it holds, and what ends that. */
@Controller()
export class RollbacksController {
  constructor(
    private readonly rollbacks: StoredRollbacks,
    private readonly control: ControlClient,
  ) {}

  @Serves(previewRollback)
  preview(
    @Checked() { params, body }: Input<typeof previewRollback>,
  ): Promise<OperationResponse<typeof previewRollback>> {
    return this.control.ask(controlVerbs.previewRollback, { ...params, ...body });
  }

  @Serves(openRollback)
  open(@Checked() { params, body, ...giver }: Input<typeof openRollback>): Promise<RollbackView> {
    return this.#order({ ...params, ...body, by: orderGiver(giver) });
  }

  @Serves(breakGlassRollback)
  breakGlass(@Checked() { params, body, ...giver }: Input<typeof breakGlassRollback>): Promise<RollbackView> {
    return this.#order({ ...params, ...body, by: orderGiver(giver) });
  }

  @Serves(listRollbacks)
  async list(
    @Checked() { params, query }: Input<typeof listRollbacks>,
  ): Promise<OperationResponse<typeof listRollbacks>> {
    return viewPage(await this.rollbacks.rollbacks({ ...params, page: pageRequest(query) }), rollbackView);
  }

  @Serves(getRollback)
  one(@Checked() { params }: Input<typeof getRollback>): Promise<RollbackView> {
    return this.#one(params.project, params.uid);
  }

  @Serves(unpinTargets)
  unpin(
    @Checked() { params, body, ...giver }: Input<typeof unpinTargets>,
  ): Promise<OperationResponse<typeof unpinTargets>> {
    const { choice, ...order } = body;
    const selection = { ...params, ...choice };
    return this.control.ask(controlVerbs.unpin, { ...order, selection, by: orderGiver(giver) });
  }

  @Serves(listQuarantine)
  async quarantine(
    @Checked() { params, query }: Input<typeof listQuarantine>,
  ): Promise<OperationResponse<typeof listQuarantine>> {
    const page = await this.rollbacks.quarantine({ ...params, page: pageRequest(query) });
    return viewPage(page, (refused) => quarantineView(params.project, refused));
  }

  @Serves(liftQuarantine)
  lift(
    @Checked() { params, body, ...giver }: Input<typeof liftQuarantine>,
  ): Promise<OperationResponse<typeof liftQuarantine>> {
    return this.control.ask(controlVerbs.liftQuarantine, { ...params, ...body, by: orderGiver(giver) });
  }

  async #order(order: ControlRequest<typeof controlVerbs.rollBack>): Promise<RollbackView> {
    const { rollback } = await this.control.ask(controlVerbs.rollBack, order);
    return this.#one(order.project, rollback);
  }

  async #one(project: string, uid: string): Promise<RollbackView> {
    const rollback = await this.rollbacks.rollback(project, uid);
    if (rollback) return rollbackView(rollback);
    const message = `there is no Rollback ${uid} in ${project}`;
    throw new Fault({ code: 'not-found', reason: 'RollbackMissing', message });
  }
}
