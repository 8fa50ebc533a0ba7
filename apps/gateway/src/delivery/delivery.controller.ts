import { Controller } from '@nestjs/common';
import { operations, type OperationResponse } from '@flotilla/contracts';
import { StoredDelivery, StoredSources } from '@flotilla/control-store';
import { Checked, Serves, type Input } from '../http/serves.ts';
import { releaseView, revisionView, rolloutView } from '../views/delivery-views.ts';
import { repairView } from '../views/repair-view.ts';
import { optionalTime, wireTime } from '../views/metadata.ts';
import { pageRequest, viewPage } from '../views/pages.ts';

const { listDeployments, listReleases, listRepairs, listRevisions, listRollouts } = operations;

/** Revisions, releases, rollouts, deployments and repairs: minted by the system, to be read. */
@Controller()
export class DeliveryController {
  constructor(
    private readonly sources: StoredSources,
    private readonly delivery: StoredDelivery,
  ) {}

  @Serves(listRevisions)
  async revisions(
    @Checked() { params, query }: Input<typeof listRevisions>,
  ): Promise<OperationResponse<typeof listRevisions>> {
    return viewPage(await this.sources.revisions({ ...query, ...params, page: pageRequest(query) }), revisionView);
  }

  @Serves(listReleases)
  async releases(
    @Checked() { params, query }: Input<typeof listReleases>,
  ): Promise<OperationResponse<typeof listReleases>> {
    return viewPage(await this.delivery.releases({ ...query, ...params, page: pageRequest(query) }), releaseView);
  }

  @Serves(listRollouts)
  async rollouts(
    @Checked() { params, query }: Input<typeof listRollouts>,
  ): Promise<OperationResponse<typeof listRollouts>> {
    return viewPage(await this.delivery.rollouts({ ...query, ...params, page: pageRequest(query) }), rolloutView);
  }

  @Serves(listRepairs)
  async repairs(
    @Checked() { params, query }: Input<typeof listRepairs>,
  ): Promise<OperationResponse<typeof listRepairs>> {
    return viewPage(await this.sources.repairs({ ...query, ...params, page: pageRequest(query) }), repairView);
  }

  @Serves(listDeployments)
  async deployments(
    @Checked() { params, query }: Input<typeof listDeployments>,
  ): Promise<OperationResponse<typeof listDeployments>> {
    const page = await this.delivery.deployments({ ...query, ...params, page: pageRequest(query) });
    return viewPage(page, ({ at, healthyAt, ...deployment }) => ({
      ...deployment,
      at: wireTime(at),
      ...optionalTime('healthyAt', healthyAt),
    }));
  }
}
