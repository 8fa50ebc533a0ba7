import type { NestExpressApplication } from '@nestjs/platform-express';
import { changedKinds } from '@flotilla/contracts';
import { tokenHash } from '@flotilla/control-access';
import { runNest, runService, sweepTables } from '@flotilla/control-host';
import { gatewayRetention, TokenStore } from '@flotilla/control-store';
import { Changes } from './events/changes.ts';
import { GatewayModule, storedParts } from './gateway.module.ts';
import { closeHttp } from './http/close-http.ts';
import { configureHttp } from './http/configure-http.ts';
import { keepSealing } from './ledger/keep-sealing.ts';
import { gatewaySettings } from './settings.ts';

/** The way in before there is any other token. */
const bootstrap = { name: 'bootstrap', permission: 'admin' } as const;

/** What streams tell of, once the service has started. */
let streamed: Changes | undefined;

/** The one door to the internet: API, streams, webhooks, page. Holds no key of any cluster, host or broker account. */
await runService({
  name: 'gateway',
  settings: gatewaySettings,
  onLine: (connected) => {
    if (connected) streamed?.missed();
  },
  start: async (service, settings) => {
    const { store, bus, clock, logger } = service;
    const token = settings.BOOTSTRAP_TOKEN?.reveal();
    if (token) await new TokenStore(store).ensure({ hash: tokenHash(token), ...bootstrap });
    const changes = new Changes({ bus, clock, kinds: changedKinds });
    streamed = changes;
    const app = (await runNest(
      service,
      GatewayModule.with(storedParts(service, { changes, proxies: settings.TRUSTED_PROXIES })),
      {
        configure: (nest) => configureHttp(nest as NestExpressApplication, settings.WEB_DIRECTORY),
      },
    )) as NestExpressApplication;
    await app.listen(settings.HTTP_PORT, settings.HTTP_HOST);
    logger.info({ url: await app.getUrl() }, 'the API is open');
    const sweeping = sweepTables(service, gatewayRetention({ ledgerMs: settings.LEDGER_RETENTION }));
    // Streams end with the changes that they tell of, and have to end before the server can.
    return [sweeping, keepSealing(service), { stop: () => changes.stop().then(() => closeHttp(app, clock)) }];
  },
});
