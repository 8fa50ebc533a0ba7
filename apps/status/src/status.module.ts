import { Module, type DynamicModule } from '@nestjs/common';
import { ClusterStore } from '@flotilla/control-store';
import { AccountKeeper } from './account-keeper.ts';
import { Enrolment } from './enrolment.ts';
import { LivenessWatch } from './liveness-watch.ts';
import { Renewals } from './renewals.ts';
import { ReportIntake } from './report-intake.ts';
import { StatusController } from './status.controller.ts';

export interface StatusParts {
  readonly liveness: LivenessWatch;
  readonly reports: ReportIntake;
  readonly enrolment: Enrolment;
  readonly renewals: Renewals;
  readonly clusters: ClusterStore;
  readonly account: Pick<AccountKeeper, 'look'>;
}

@Module({})
export class StatusModule {
  static with({ liveness, reports, enrolment, renewals, clusters, account }: StatusParts): DynamicModule {
    return {
      module: StatusModule,
      controllers: [StatusController],
      providers: [
        { provide: LivenessWatch, useValue: liveness },
        { provide: ReportIntake, useValue: reports },
        { provide: Enrolment, useValue: enrolment },
        { provide: Renewals, useValue: renewals },
        { provide: ClusterStore, useValue: clusters },
        { provide: AccountKeeper, useValue: account },
      ],
    };
  }
}
