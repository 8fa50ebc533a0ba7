import { Controller } from '@nestjs/common';
import { controlVerbs, operations, type AgentUpgradeView, type OperationResponse } from '@flotilla/contracts';
import { StoredUpgrades } from '@flotilla/control-store';
import { Fault } from '@flotilla/foundation';
import { ControlClient } from '@flotilla/platform-bus/nest';
import { orderGiver } from '../http/order-giver.ts';
import { Checked, Serves, type Input } from '../http/serves.ts';
import { agentUpgradeView } from '../views/agent-upgrade-view.ts';
import { pageRequest, viewPage } from '../views/pages.ts';

const { listAgentUpgrades, openAgentUpgrade, steerAgentUpgrade } = operations;

/** New agents on their way into clusters, and what people want of that. */
@Controller()
export class AgentUpgradesController {
  constructor(
    private readonly upgrades: StoredUpgrades,
    private readonly control: ControlClient,
  ) {}

  @Serves(listAgentUpgrades)
  async list(
    @Checked() { params, query }: Input<typeof listAgentUpgrades>,
  ): Promise<OperationResponse<typeof listAgentUpgrades>> {
    return viewPage(await this.upgrades.upgrades({ ...params, page: pageRequest(query) }), agentUpgradeView);
  }

  @Serves(openAgentUpgrade)
  async open(@Checked() { params, body, ...giver }: Input<typeof openAgentUpgrade>): Promise<AgentUpgradeView> {
    await this.control.ask(controlVerbs.openUpgrade, { ...params, ...body, by: orderGiver(giver) });
    return this.#newest(params.project);
  }

  @Serves(steerAgentUpgrade)
  async steer(@Checked() { params, ...giver }: Input<typeof steerAgentUpgrade>): Promise<AgentUpgradeView> {
    await this.control.ask(controlVerbs.steerUpgrade, { ...params, by: orderGiver(giver) });
    return this.#newest(params.project);
  }

  /** The one that is open is the newest, because no other can be opened before it is over. */
  async #newest(project: string): Promise<AgentUpgradeView> {
    const { items } = await this.upgrades.upgrades({ project, page: { limit: 1 } });
    if (items[0]) return agentUpgradeView(items[0]);
    const message = `there is no agent upgrade in project ${project}`;
    throw new Fault({ code: 'not-found', reason: 'UpgradeMissing', message });
  }
}
