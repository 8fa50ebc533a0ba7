import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import {
  agreedProtocol,
  controlVerbs,
  helloSchema,
  renewSchema,
  reportSchema,
  type ControlResponse,
  type Hello,
  type Renew,
  type Report,
} from '@flotilla/contracts';
import type { ClusterRecord } from '@flotilla/control-fleet';
import { ClusterStore } from '@flotilla/control-store';
import { Fault, systemClock } from '@flotilla/foundation';
import { AnswersVerb, FleetMessage, VerbRequest, type FleetDelivery } from '@flotilla/platform-bus/nest';
import { AccountKeeper } from './account-keeper.ts';
import { Enrolment } from './enrolment.ts';
import { LivenessWatch } from './liveness-watch.ts';
import { Renewals } from './renewals.ts';
import { ReportIntake } from './report-intake.ts';

const { enrol, forget, join, label, renew, revoke } = controlVerbs;

/** What agents tell `status`, and what other services ask of it. */
@Controller()
export class StatusController {
  constructor(
    private readonly liveness: LivenessWatch,
    private readonly reports: ReportIntake,
    private readonly enrolment: Enrolment,
    private readonly renewals: Renewals,
    private readonly clusters: ClusterStore,
    private readonly account: AccountKeeper,
  ) {}

  @FleetMessage('hello', helloSchema, { everyReplica: true })
  hello({ cluster, message }: FleetDelivery<Hello>): Promise<void> {
    const { protocol, ...rest } = message;
    const agreed = agreedProtocol(protocol) ?? protocol.newest;
    return this.liveness.heard({ ...rest, cluster, protocol: agreed, at: systemClock.now() });
  }

  @FleetMessage('report', reportSchema, { traced: true })
  report({ cluster, message, traceparent }: FleetDelivery<Report>): Promise<void> {
    return this.reports.heard({ ...message, cluster, ...(traceparent && { traceparent }) });
  }

  @FleetMessage('renew', renewSchema, { traced: true })
  renewal({ cluster, message }: FleetDelivery<Renew>): Promise<void> {
    return this.renewals.heard(cluster, message);
  }

  @AnswersVerb(renew)
  renew(@VerbRequest(renew) request: z.output<typeof renew.request>): Promise<ControlResponse<typeof renew>> {
    return this.renewals.renew(request);
  }

  @AnswersVerb(revoke)
  async revoke(@VerbRequest(revoke) request: z.output<typeof revoke.request>): Promise<ControlResponse<typeof revoke>> {
    const revoked = found(await this.clusters.revoke(request), request);
    // What cannot be told to the broker now is told by the next look; the record refuses it already.
    await this.account.look().catch(() => undefined);
    return revoked;
  }

  @AnswersVerb(join)
  join(@VerbRequest(join) request: z.output<typeof join.request>): Promise<ControlResponse<typeof join>> {
    return this.enrolment.join(request);
  }

  @AnswersVerb(enrol)
  enrol(@VerbRequest(enrol) request: z.output<typeof enrol.request>): Promise<ControlResponse<typeof enrol>> {
    return this.enrolment.enrol(request);
  }

  @AnswersVerb(label)
  async label(@VerbRequest(label) request: z.output<typeof label.request>): Promise<ControlResponse<typeof label>> {
    return found(await this.clusters.label(request), request);
  }

  @AnswersVerb(forget)
  async forget(@VerbRequest(forget) request: z.output<typeof forget.request>): Promise<ControlResponse<typeof forget>> {
    return found(await this.clusters.forget(request), request);
  }
}

function found(cluster: ClusterRecord | undefined, { project, name }: Pick<ClusterRecord, 'project' | 'name'>) {
  if (cluster) return { cluster: cluster.uid };
  const message = `there is no Cluster ${project}/${name}`;
  throw new Fault({ code: 'not-found', reason: 'ClusterMissing', message });
}
