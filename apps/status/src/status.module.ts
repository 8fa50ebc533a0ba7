import { Module, type DynamicModule } from '@nestjs/common';
import { ClusterStore } from '@flotilla/control-store';
import { Enrolment } from './enrolment.ts';
import { LivenessWatch } from './liveness-watch.ts';
import { ReportIntake } from './report-intake.ts';
import { StatusController } from './status.controller.ts';

export interface StatusParts {
  readonly liveness: LivenessWatch;
  readonly reports: ReportIntake;
  readonly enrolment: Enrolment;
  readonly clusters: ClusterStore;
}

@Module({})
export class StatusModule {
  static with({ liveness, reports, enrolment, clusters }: StatusParts): DynamicModule {
    return {
      module: StatusModule,
      controllers: [StatusController],
      providers: [
        { provide: LivenessWatch, useValue: liveness },
        { provide: ReportIntake, useValue: reports },
        { provide: Enrolment, useValue: enrolment },
        { provide: ClusterStore, useValue: clusters },
      ],
    };
  }
}
