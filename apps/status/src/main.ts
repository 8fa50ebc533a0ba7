import { runHandlers, runNest, runService } from '@flotilla/control-host';
import { ClusterStore, LivenessStore, StatusStore } from '@flotilla/control-store';
import { AgentIssuer } from './agent-issuer.ts';
import { Enrolment } from './enrolment.ts';
import { LivenessWatch } from './liveness-watch.ts';
import { measureFleet } from './measure-fleet.ts';
import { ReceiptSender } from './receipt-sender.ts';
import { ReportIntake } from './report-intake.ts';
import { statusSettings } from './settings.ts';
import { StatusModule } from './status.module.ts';

/** Lets agents in, knows which are there, and stores what they report. */
await runService({
  name: 'status',
  settings: statusSettings,
  start: async (service, settings) => {
    const { store, bus, clock } = service;
    const clusters = new ClusterStore(store);
    const statuses = new StatusStore(store);
    const receipts = new ReceiptSender(bus, clock);
    const liveness = new LivenessWatch({ ...service, liveness: new LivenessStore(store), receipts });
    const reports = new ReportIntake({ ...service, statuses, receipts });
    const enrolment = new Enrolment({ service, settings, clusters, issuer: new AgentIssuer(settings, clock) });
    const app = await runNest(service, StatusModule.with({ liveness, reports, enrolment, clusters }));
    const work = runHandlers(service, {
      count: {
        handle: async ({ key }) => void (await statuses.recount(key)),
        runningMax: 8,
        timeLimitMs: 60_000,
        restMs: 250,
      },
    });
    return [measureFleet(store), liveness, { stop: () => app.close() }, work];
  },
});
