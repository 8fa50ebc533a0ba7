import { Controller } from '@nestjs/common';
import { controlVerbs, operations, type OperationResponse } from '@flotilla/contracts';
import { explainStage, explainTurn } from '@flotilla/control-delivery';
import { explainTarget } from '@flotilla/control-fleet';
import { StoredDelivery, StoredFleet } from '@flotilla/control-store';
import { Fault, parseDuration, systemClock } from '@flotilla/foundation';
import { ControlClient } from '@flotilla/platform-bus/nest';
import { orderGiver } from '../http/order-giver.ts';
import { Checked, Serves, type Input } from '../http/serves.ts';
import { targetStoryView, targetView } from '../views/fleet-views.ts';
import { pageRequest, viewPage } from '../views/pages.ts';

const { breakGlass, countTargets, diffTarget, getTarget, listTargets, resumeTargets, suspendTargets, syncTargets } =
  operations;

/** Targets: what runs where, why it is as it is, and the orders that people may give. */
@Controller()
export class TargetsController {
  constructor(
    private readonly fleet: StoredFleet,
    private readonly delivery: StoredDelivery,
    private readonly control: ControlClient,
  ) {}

  @Serves(listTargets)
  async list(@Checked() { params, query }: Input<typeof listTargets>): Promise<OperationResponse<typeof listTargets>> {
    return viewPage(await this.fleet.targets({ ...query, ...params, page: pageRequest(query) }), targetView);
  }

  @Serves(countTargets)
  async count(@Checked() { params }: Input<typeof countTargets>): Promise<OperationResponse<typeof countTargets>> {
    return { items: (await this.fleet.counts(params.project)).map((count) => ({ ...count })) };
  }

  @Serves(getTarget)
  async story(@Checked() { params }: Input<typeof getTarget>): Promise<OperationResponse<typeof getTarget>> {
    const { project, uid } = params;
    const target = await this.fleet.target(project, uid);
    if (!target)
      throw new Fault({
        code: 'not-found',
        reason: 'TargetMissing',
        message: `there is no Target ${uid} in ${project}`,
      });
    const { application, environment } = target.entry;
    const [history, waiting, turn, stages] = await Promise.all([
      this.delivery.deployments({ project, target: uid, page: { limit: 20 } }),
      this.fleet.waitingFor(uid),
      this.delivery.heldTurn(uid),
      this.delivery.stages({ project, application, environment, page: { limit: 1 } }),
    ]);
    const ahead = [...stages.items.flatMap(explainStage), ...(turn ? [explainTurn(turn)] : [])];
    const explanation = explainTarget(target, { ahead, waiting, now: systemClock.now() });
    return targetStoryView({ target, history: history.items, explanation });
  }

  @Serves(diffTarget)
  async diff(@Checked() { params }: Input<typeof diffTarget>): Promise<OperationResponse<typeof diffTarget>> {
    const question = { kind: 'diff' as const, target: params.uid };
    const answer = await this.control.ask(controlVerbs.ask, { project: params.project, target: params.uid, question });
    if (answer.problem) throw new Fault({ code: 'unavailable', reason: 'AgentProblem', message: answer.problem });
    return { objects: answer.diff ?? [] };
  }

  @Serves(syncTargets)
  sync(
    @Checked() { params, body, ...from }: Input<typeof syncTargets>,
  ): Promise<OperationResponse<typeof syncTargets>> {
    return this.control.ask(controlVerbs.sync, { selection: { ...params, ...body }, by: orderGiver(from) });
  }

  @Serves(suspendTargets)
  suspend(
    @Checked() { params, body, ...from }: Input<typeof suspendTargets>,
  ): Promise<OperationResponse<typeof suspendTargets>> {
    const { choice, reason } = body;
    return this.control.ask(controlVerbs.suspend, {
      selection: { ...params, ...choice },
      reason,
      by: orderGiver(from),
    });
  }

  @Serves(breakGlass)
  breakGlass(
    @Checked() { params, body, ...from }: Input<typeof breakGlass>,
  ): Promise<OperationResponse<typeof breakGlass>> {
    const { choice, reason } = body;
    return this.control.ask(controlVerbs.breakGlass, {
      selection: { ...params, ...choice },
      reason,
      forMs: parseDuration(body.for)!,
      by: orderGiver(from),
    });
  }

  @Serves(resumeTargets)
  resume(
    @Checked() { params, body, ...from }: Input<typeof resumeTargets>,
  ): Promise<OperationResponse<typeof resumeTargets>> {
    return this.control.ask(controlVerbs.resume, { selection: { ...params, ...body }, by: orderGiver(from) });
  }
}
