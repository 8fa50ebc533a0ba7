import type { VerbChapter, VerbEntry, VerbGroup } from './program/verb.ts';

/** Everything that `flotilla` can do: a new verb is one file and one line here. */
export const chapters: readonly VerbChapter[] = [
  {
    title: 'Look:',
    verbs: [
      verb('get', 'list things, or follow them', async () => (await import('./commands/get.ts')).get),
      verb('describe', 'show all about one thing', async () => (await import('./commands/describe.ts')).describe),
      verb('explain', 'say why something is as it is', async () => (await import('./commands/explain.ts')).explain),
      verb(
        'history',
        'what was deployed, and what became of it',
        async () => (await import('./commands/history.ts')).history,
      ),
      verb('diff', 'how a cluster differs from Git', async () => (await import('./commands/diff.ts')).diff),
      verb('events', 'who did what, and when', async () => (await import('./commands/events.ts')).events),
    ],
  },
  {
    title: 'Write:',
    verbs: [
      verb('apply', 'create or change documents', async () => (await import('./commands/apply.ts')).apply),
      verb('plan', 'say what apply would change', async () => (await import('./commands/plan.ts')).plan),
      verb('delete', 'delete a document', async () => (await import('./commands/delete.ts')).deleteDocuments),
    ],
  },
  {
    title: 'Deliver:',
    verbs: [
      verb('sync', 'look at Git again and apply once more', async () => (await import('./commands/sync.ts')).sync),
      verb('promote', 'bring a release to the next stage', async () => (await import('./commands/promote.ts')).promote),
      verb('approve', 'agree to what would enter a stage', async () => (await import('./commands/approve.ts')).approve),
      verb('hold', 'let nothing past a stage', async () => (await import('./commands/hold.ts')).hold),
      verb('unhold', 'let go on what is held', async () => (await import('./commands/unhold.ts')).unhold),
      verb(
        'override',
        'do without whoever is asked before a stage',
        async () => (await import('./commands/override.ts')).override,
      ),
      group('rollout', 'how a release goes over an environment, and what becomes of that', [
        verb(
          'status',
          'who is where in the newest one',
          async () => (await import('./commands/rollout-status.ts')).rolloutStatus,
        ),
        verb('pause', 'admit nobody else', async () => (await import('./commands/rollout-steer.ts')).rolloutPause),
        verb(
          'resume',
          'go on after a pause or a halt',
          async () => (await import('./commands/rollout-steer.ts')).rolloutResume,
        ),
        verb(
          'abort',
          'end it; nobody else gets the release',
          async () => (await import('./commands/rollout-steer.ts')).rolloutAbort,
        ),
        verb(
          'retry',
          'have what failed tried again',
          async () => (await import('./commands/rollout-steer.ts')).rolloutRetry,
        ),
        verb('skip', 'pass a cluster by', async () => (await import('./commands/rollout-steer.ts')).rolloutSkip),
      ]),
      verb('suspend', 'stop every write', async () => (await import('./commands/suspend.ts')).suspend),
      verb('resume', 'lift a suspension', async () => (await import('./commands/resume.ts')).resume),
      verb('freeze', 'let nobody deploy until it ends', async () => (await import('./commands/freeze.ts')).freeze),
      verb('unfreeze', 'lift a freeze', async () => (await import('./commands/unfreeze.ts')).unfreeze),
      verb(
        'rollback',
        'go back to what was well before',
        async () => (await import('./commands/rollback.ts')).rollback,
      ),
      verb('unpin', 'let go on what a rollback holds', async () => (await import('./commands/unpin.ts')).unpin),
      group('quarantine', 'what enters nowhere any more', [
        verb(
          'lift',
          'let a source digest enter again',
          async () => (await import('./commands/quarantine-lift.ts')).quarantineLift,
        ),
      ]),
      verb('wait', 'wait until something is as it should be', async () => (await import('./commands/wait.ts')).wait),
    ],
  },
  {
    title: 'Account for:',
    verbs: [
      verb('ran', 'what ran where, then or ever', async () => (await import('./commands/ran.ts')).ran),
      verb(
        'compare',
        'how two clusters or two moments differ',
        async () => (await import('./commands/compare.ts')).compare,
      ),
      group('ledger', 'the record of who did what', [
        verb(
          'list',
          'what was done, by whom and when',
          async () => (await import('./commands/ledger-list.ts')).ledgerList,
        ),
        verb(
          'verify',
          'check that nothing in it was changed',
          async () => (await import('./commands/ledger-verify.ts')).ledgerVerify,
        ),
        verb(
          'export',
          'write all of it, with its hashes',
          async () => (await import('./commands/ledger-export.ts')).ledgerExport,
        ),
      ]),
    ],
  },
  {
    title: 'Mend:',
    verbs: [
      group('deadletter', 'what could not be handled', [
        verb(
          'show',
          'write what it holds',
          async () => (await import('./commands/dead-letter-show.ts')).deadLetterShow,
        ),
        verb(
          'replay',
          'hand it in again',
          async () => (await import('./commands/dead-letter-replay.ts')).deadLetterReplay,
        ),
        verb(
          'discard',
          'throw it away',
          async () => (await import('./commands/dead-letter-discard.ts')).deadLetterDiscard,
        ),
      ]),
    ],
  },
  {
    title: 'Without a control plane:',
    verbs: [
      verb('validate', 'check documents', async () => (await import('./commands/validate.ts')).validate),
      verb('render', 'show what a folder makes', async () => (await import('./commands/render.ts')).render),
      verb('health', 'judge Kubernetes objects', async () => (await import('./commands/health.ts')).health),
    ],
  },
  {
    title: 'Set up:',
    verbs: [
      group('cluster', 'bring clusters in, label them, let go of them', [
        verb(
          'join',
          'record a cluster and make a join token',
          async () => (await import('./commands/cluster-join.ts')).clusterJoin,
        ),
        verb(
          'forget',
          'take one that is gone off the record',
          async () => (await import('./commands/cluster-forget.ts')).clusterForget,
        ),
        verb('label', 'change labels', async () => (await import('./commands/cluster-label.ts')).clusterLabel),
        verb('revoke', 'shut a cluster out', async () => (await import('./commands/cluster-revoke.ts')).clusterRevoke),
      ]),
      group('agent', 'see which agents run, and upgrade them', [
        verb('list', 'which agent each cluster runs', async () => (await import('./commands/agent-list.ts')).agentList),
        verb(
          'upgrade',
          'bring another agent into clusters, a few at a time',
          async () => (await import('./commands/agent-upgrade.ts')).agentUpgrade,
        ),
        verb(
          'status',
          'how far the newest upgrade has come',
          async () => (await import('./commands/agent-status.ts')).agentStatus,
        ),
        verb('pause', 'begin no further cluster', async () => (await import('./commands/agent-steer.ts')).agentPause),
        verb(
          'resume',
          'go on after a pause or a halt',
          async () => (await import('./commands/agent-steer.ts')).agentResume,
        ),
        verb(
          'abort',
          'end it; what has not begun stays as it is',
          async () => (await import('./commands/agent-steer.ts')).agentAbort,
        ),
      ]),
      verb(
        'recover',
        'go on after the database was restored',
        async () => (await import('./commands/recover.ts')).recover,
      ),
      group('token', 'who may do what: API tokens for people and machines', [
        verb(
          'create',
          'make one, and show it once',
          async () => (await import('./commands/token-create.ts')).tokenCreate,
        ),
        verb(
          'list',
          'whose there are, and when they were used',
          async () => (await import('./commands/token-list.ts')).tokenList,
        ),
        verb(
          'revoke',
          'end one, or all of a person',
          async () => (await import('./commands/token-revoke.ts')).tokenRevoke,
        ),
      ]),
      group('credential', 'secrets of the control plane', [
        verb('set', 'store a secret', async () => (await import('./commands/credential-set.ts')).credentialSet),
      ]),
      group('config', 'contexts: which control plane, and who you are there', [
        verb(
          'set-context',
          'create or change a context',
          async () => (await import('./commands/config-set-context.ts')).setContext,
        ),
        verb(
          'use-context',
          'choose the current context',
          async () => (await import('./commands/config-use-context.ts')).useContext,
        ),
        verb(
          'get-contexts',
          'list contexts',
          async () => (await import('./commands/config-get-contexts.ts')).getContexts,
        ),
        verb(
          'current-context',
          'say which one is current',
          async () => (await import('./commands/config-current-context.ts')).currentContext,
        ),
      ]),
      verb('version', 'versions of both sides', async () => (await import('./commands/version.ts')).version),
      verb(
        'completion',
        'make a shell complete words',
        async () => (await import('./commands/completion.ts')).completion,
      ),
      {
        ...verb('__complete', '', async () => (await import('./commands/complete.ts')).completeFrom(chapters)),
        hidden: true,
      },
    ],
  },
];

function verb(name: string, summary: string, load: VerbEntry['load']): VerbEntry {
  return { name, summary, load };
}

function group(name: string, summary: string, verbs: readonly VerbEntry[]): VerbGroup {
  return { name, summary, verbs };
}
