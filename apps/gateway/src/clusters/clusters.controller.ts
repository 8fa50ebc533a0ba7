import { Controller } from '@nestjs/common';
import {
  controlVerbs,
  operations,
  type EnrolAnswer,
  type OperationResponse,
  type RenewAnswer,
} from '@flotilla/contracts';
import { StoredFleet } from '@flotilla/control-store';
import { Fault } from '@flotilla/foundation';
import { ControlClient } from '@flotilla/platform-bus/nest';
import { Checked, Serves, type Input } from '../http/serves.ts';
import { clusterView } from '../views/fleet-views.ts';
import { labelFilter, pageRequest, viewPage } from '../views/pages.ts';

const { enrol, forgetCluster, getCluster, joinCluster, labelCluster, listClusters, renew, revokeCluster } = operations;

/** Clusters: who is in the fleet, and how one comes in. */
@Controller()
export class ClustersController {
  constructor(
    private readonly fleet: StoredFleet,
    private readonly control: ControlClient,
  ) {}

  @Serves(listClusters)
  async list(
    @Checked() { params, query }: Input<typeof listClusters>,
  ): Promise<OperationResponse<typeof listClusters>> {
    const page = await this.fleet.clusters({
      ...params,
      page: pageRequest(query),
      ...labelFilter(query.labelSelector),
    });
    return viewPage(page, clusterView);
  }

  @Serves(getCluster)
  get(@Checked() { params }: Input<typeof getCluster>): Promise<OperationResponse<typeof getCluster>> {
    return this.#one(params.project, params.name);
  }

  @Serves(joinCluster)
  async join(
    @Checked() { params, body, principal }: Input<typeof joinCluster>,
  ): Promise<OperationResponse<typeof joinCluster>> {
    const by = { kind: 'user' as const, name: principal.name };
    const { token, expiresAt } = await this.control.ask(controlVerbs.join, { ...params, ...body, by });
    return { cluster: await this.#one(params.project, body.name), token, expiresAt };
  }

  @Serves(labelCluster)
  async label(
    @Checked() { params, body, principal }: Input<typeof labelCluster>,
  ): Promise<OperationResponse<typeof labelCluster>> {
    const by = { kind: 'user' as const, name: principal.name };
    await this.control.ask(controlVerbs.label, { ...params, ...body, by });
    return this.#one(params.project, params.name);
  }

  @Serves(forgetCluster)
  forget(
    @Checked() { params, query, principal }: Input<typeof forgetCluster>,
  ): Promise<OperationResponse<typeof forgetCluster>> {
    const by = { kind: 'user' as const, name: principal.name };
    return this.control.ask(controlVerbs.forget, { ...params, ...query, by });
  }

  @Serves(revokeCluster)
  async revoke(
    @Checked() { params, body, principal }: Input<typeof revokeCluster>,
  ): Promise<OperationResponse<typeof revokeCluster>> {
    const by = { kind: 'user' as const, name: principal.name };
    await this.control.ask(controlVerbs.revoke, { ...params, ...body, by });
    return this.#one(params.project, params.name);
  }

  @Serves(renew)
  renew(@Checked() { body }: Input<typeof renew>): Promise<RenewAnswer> {
    return this.control.ask(controlVerbs.renew, body);
  }

  @Serves(enrol)
  enrol(@Checked() { body }: Input<typeof enrol>): Promise<EnrolAnswer> {
    return this.control.ask(controlVerbs.enrol, body);
  }

  async #one(project: string, name: string) {
    const { items } = await this.fleet.clusters({ project, name, page: { limit: 1 } });
    if (items[0]) return clusterView(items[0]);
    throw new Fault({ code: 'not-found', reason: 'ClusterMissing', message: `there is no Cluster ${project}/${name}` });
  }
}
