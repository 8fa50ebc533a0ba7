import {
  CredentialStore,
  DocumentStore,
  GateQuestionStore,
  NoticeStore,
  RepairStore,
  RepositoryStore,
  RevisionStore,
  StageRecordStore,
  sourcesRetention,
} from '@flotilla/control-store';
import { runHandlers, runNest, runService, sweepTables } from '@flotilla/control-host';
import { askGate, lookAtRepository, repairGit, tellNotices, writeRecord } from '@flotilla/control-sources';
import { GateAsker } from './gate-asker.ts';
import { NoticePoster } from './notice-poster.ts';
import { RemoteBook } from './remote-book.ts';
import { sourcesSettings } from './settings.ts';
import { SourcesModule } from './sources.module.ts';

/**
 * Sees what happens in Git: polls and is hooked, resolves refs, finds what changed, applies configuration paths. And writes
 * to it what a rollback takes back and what enters a stage, tells people outside what happened, and asks those whom gates name.
 */
await runService({
  name: 'sources',
  settings: sourcesSettings,
  start: async (service, settings) => {
    const { store, random, clock } = service;
    const credentials = new CredentialStore(store, settings.SEAL_KEY);
    const remotes = new RemoteBook({ credentials, cacheDirectory: settings.CACHE_DIRECTORY });
    const ports = { remotes, revisions: new RevisionStore(store), documents: new DocumentStore(store), random };
    const repositories = new RepositoryStore(store);
    const repairs = { repairs: new RepairStore(store), repositories, writers: remotes, hosts: remotes, random };
    const recording = { records: new StageRecordStore(store), repositories, writers: remotes, random };
    const receivers = new NoticePoster({ clock, networks: settings.NOTIFY_NETWORKS });
    const telling = { notices: new NoticeStore(store), credentials, receivers, publicUrl: settings.PUBLIC_URL };
    const keepers = new GateAsker({ clock, networks: settings.NOTIFY_NETWORKS });
    const asking = { questions: new GateQuestionStore(store), credentials, keepers, random };
    const app = await runNest(service, SourcesModule.with({ repositories, credentials }));
    const work = runHandlers(service, {
      repository: {
        handle: async ({ key }, signal) => (await lookAtRepository(ports, key, signal))?.nextInMs,
        runningMax: 8,
        timeLimitMs: 120_000,
      },
      repair: { handle: ({ key }, signal) => repairGit(repairs, key, signal), runningMax: 4, timeLimitMs: 240_000 },
      record: { handle: ({ key }, signal) => writeRecord(recording, key, signal), runningMax: 4, timeLimitMs: 120_000 },
      // Who does not answer keeps nobody else waiting.
      gate: { handle: ({ key }, signal) => askGate(asking, key, signal), runningMax: 32, timeLimitMs: 30_000 },
      notify: {
        handle: ({ key }, signal) => tellNotices(telling, key, signal),
        runningMax: 8,
        timeLimitMs: 30_000,
      },
    });
    return [remotes, receivers, keepers, sweepTables(service, sourcesRetention), { stop: () => app.close() }, work];
  },
});
