import {
  CredentialStore,
  DocumentStore,
  RepositoryStore,
  RevisionStore,
  sourcesRetention,
} from '@flotilla/control-store';
import { runHandlers, runNest, runService, sweepTables } from '@flotilla/control-host';
import { lookAtRepository } from '@flotilla/control-sources';
import { RemoteBook } from './remote-book.ts';
import { sourcesSettings } from './settings.ts';
import { SourcesModule } from './sources.module.ts';

/** Sees what happens in Git: polls and is hooked, resolves refs, finds what changed, applies configuration paths. */
await runService({
  name: 'sources',
  settings: sourcesSettings,
  start: async (service, settings) => {
    const { store, random } = service;
    const credentials = new CredentialStore(store, settings.SEAL_KEY);
    const remotes = new RemoteBook({ credentials, cacheDirectory: settings.CACHE_DIRECTORY });
    const ports = { remotes, revisions: new RevisionStore(store), documents: new DocumentStore(store), random };
    const app = await runNest(service, SourcesModule.with({ repositories: new RepositoryStore(store), credentials }));
    const work = runHandlers(service, {
      repository: {
        handle: async ({ key }, signal) => (await lookAtRepository(ports, key, signal))?.nextInMs,
        runningMax: 8,
        timeLimitMs: 120_000,
      },
    });
    return [remotes, sweepTables(service, sourcesRetention), { stop: () => app.close() }, work];
  },
});
