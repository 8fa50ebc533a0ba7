import { runHandlers, runNest, runService, sweepTables, type Service } from '@flotilla/control-host';
import { ClusterStore, KeyStore, LivenessStore, statusRetention, StatusStore } from '@flotilla/control-store';
import type { Running } from '@flotilla/foundation';
import { connectSystem } from '@flotilla/platform-bus';
import { AccountKeeper } from './account-keeper.ts';
import { AgentIssuer } from './agent-issuer.ts';
import { Enrolment } from './enrolment.ts';
import { LivenessWatch } from './liveness-watch.ts';
import { measureFleet } from './measure-fleet.ts';
import { ReceiptSender } from './receipt-sender.ts';
import { Renewals } from './renewals.ts';
import { ReportIntake } from './report-intake.ts';
import { statusSettings, type StatusSettings } from './settings.ts';
import { StatusModule } from './status.module.ts';

/** Lets agents in, shuts them out, knows which are there, and stores what they report. */
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
    const issuer = new AgentIssuer(settings, clock);
    const enrolment = new Enrolment({ service, settings, clusters, issuer });
    const renewals = new Renewals({ service, settings, clusters, issuer });
    const account = await keepAccount(service, settings);
    const app = await runNest(
      service,
      StatusModule.with({ liveness, reports, enrolment, renewals, clusters, account: account.keeper }),
    );
    const work = runHandlers(service, {
      count: {
        handle: async ({ key }) => void (await statuses.recount(key)),
        runningMax: 8,
        timeLimitMs: 60_000,
        restMs: 1_000,
        gatherMs: 100,
      },
    });
    const sweeping = sweepTables(service, statusRetention({ deploymentsMs: settings.DEPLOYMENT_RETENTION }));
    return [measureFleet(store), sweeping, ...account.parts, liveness, { stop: () => app.close() }, work];
  },
});

/** The broker is told who is revoked, where this service was given what that takes. */
async function keepAccount(
  { busOptions, clock, logger, store }: Service,
  settings: StatusSettings,
): Promise<{ keeper: Pick<AccountKeeper, 'look'>; parts: readonly Running[] }> {
  if (!settings.NATS_SYSTEM_CREDENTIALS) {
    logger.warn('NATS_SYSTEM_CREDENTIALS is not set: whoever is revoked is not believed, but the broker lets him in');
    return { keeper: { look: async () => undefined }, parts: [] };
  }
  const line = await connectSystem({ ...busOptions, credentials: settings.NATS_SYSTEM_CREDENTIALS.reveal() });
  const keeper = new AccountKeeper({ clock, logger, settings, line, revocations: new KeyStore(store) });
  // An identity that is made with a key which the broker does not know yet would be refused.
  await keeper.look().catch(() => undefined);
  return { keeper, parts: [line, keeper] };
}
