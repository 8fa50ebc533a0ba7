import { Controller } from '@nestjs/common';
import { operations, type OperationResponse } from '@flotilla/contracts';
import { StoredDelivery, StoredSources } from '@flotilla/control-store';
import { Checked, Serves, type Input } from '../http/serves.ts';
import { ranView, releaseView, revisionView, rolloutView } from '../views/delivery-views.ts';
import { repairView } from '../views/repair-view.ts';
import { optionalTime } from '../views/metadata.ts';
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
    const { at, ...narrowing } = query;
    const asked = { ...narrowing, ...params, ...(at && { at: new Date(at) }), page: pageRequest(query) };
    const page = await this.delivery.deployments(asked);
    return {
      ...viewPage(page, ranView),
      ...optionalTime('knownSince', page.knownSince),
      ...(query.image && { withoutImages: await this.delivery.withoutImages(asked) }),
    };
  }
}
