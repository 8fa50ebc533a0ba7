import { expect, it } from 'vitest';
import { desiredEntrySchema, type RenderSettings } from '@flotilla/model';
import { checkoutDocument, checkoutFacts, commits, stageFacts } from '../testing/delivery-facts.ts';
import { desiredEntry } from './desired-entry.ts';
import { contentOfToday } from './target-content.ts';

const stage = stageFacts('dev', { also: ['services/base'] });
const application = checkoutFacts({ agentCredential: 'shop-read' });
const release = { uid: 'r1', revision: commits.first, digests: { dev: 'd'.repeat(64) }, contents: {} };
const content = contentOfToday(release, stage, application);

type Inputs = Parameters<typeof desiredEntry>[0];

/** The entry of one target whose application says nothing special, but for what is given. */
function entryOf(over: Partial<Inputs> = {}): ReturnType<typeof desiredEntry> {
  const target = { uid: 't1', cluster: 'eu-1', labels: {}, previous: undefined };
  return desiredEntry({ ...target, stage, content, application, document: checkoutDocument(), ...over });
}

it('an entry is what an agent accepts, with everything it needs', () => {
  const entry = entryOf({ document: checkoutDocument({ prune: false }) });
  expect(desiredEntrySchema.parse({ ...entry, generation: 1 })).toEqual({
    target: 't1',
    project: 'default',
    application: 'checkout',
    environment: 'dev',
    generation: 1,
    intent: 'run',
    release: 'r1',
    sourceDigest: 'd'.repeat(64),
    namespace: 'checkout-dev',
    source: {
      url: 'https://git.example.org/shop.git',
      credential: 'shop-read',
      revision: commits.first,
      path: 'services/checkout/dev',
      also: ['services/base'],
    },
    sync: { prune: false, drift: 'correct', adopt: false, createNamespace: true },
  });
});

it('AT-41 an entry that is rendered by settings needs an agent that understands them, and carries the labels they may name', () => {
  const render = { helm: { releaseName: 'shop' } };
  const entryWith = (settings: RenderSettings) => {
    const rendered = contentOfToday(release, { ...stage, render: settings }, application);
    const { intent, needs, clusterLabels, ...entry } = entryOf({ labels: { region: 'eu' }, content: rendered });
    return { intent, needs, clusterLabels, render: entry.render };
  };
  const needing = { intent: 'run-if-understood', needs: ['render'] };
  expect([entryWith(render), entryWith({ ...render, substitute: {} })]).toEqual([
    { ...needing, clusterLabels: undefined, render },
    { ...needing, clusterLabels: { region: 'eu' }, render: { ...render, substitute: {} } },
  ]);
});

it('what an application says of its sync goes with it, but for what becomes of objects that it leaves', () => {
  const order = { deadline: '30m', retry: { limit: 3, backoff: { duration: '10s', factor: 3, maxDuration: '5m' } } };
  const document = checkoutDocument(order);
  const entry = entryOf({ document });
  expect(desiredEntrySchema.parse({ ...entry, generation: 1 }).sync).toEqual({
    prune: true,
    drift: 'correct',
    adopt: false,
    createNamespace: true,
    ...order,
  });
});

it('AT-41 what it depends on travels by name, and needs who understands it', () => {
  const plain = checkoutDocument();
  const document = {
    ...plain,
    spec: { ...plain.spec, dependsOn: [{ application: 'accounts', same: 'cluster' as const }] },
  };
  const entry = entryOf({ document });
  const { dependsOn, intent, needs } = desiredEntrySchema.parse({ ...entry, generation: 1 });
  expect([dependsOn, intent, needs]).toEqual([['accounts'], 'run-if-understood', ['depends-on']]);
});

it('AT-41 what is said of ignored fields and of drift travels with it, and rules need who understands them', () => {
  const rules = {
    ignore: [{ managers: ['injector'] }],
    driftRules: [{ kind: 'Secret', mode: 'report' as const }],
  };
  const document = checkoutDocument(rules);
  const entry = entryOf({ document });
  const { sync, intent, needs } = desiredEntrySchema.parse({ ...entry, generation: 1 });
  expect({ sync, intent, needs }).toMatchObject({ sync: rules, intent: 'run-if-understood', needs: ['drift-rules'] });
});

it('AT-14 what keeps a target inside its bounds goes with it, and an agent that does not know it leaves it alone', () => {
  const allow = { namespaces: ['checkout-*'], podSecurity: false };
  const document = checkoutDocument();
  const bound = { ...document, spec: { ...document.spec, serviceAccount: 'deployer' } };
  const { intent, needs, ...entry } = entryOf({ application: { ...application, allow }, document: bound });
  expect([intent, needs, entry.serviceAccount, entry.allow]).toEqual([
    'run-if-understood',
    ['service-account', 'allow'],
    'deployer',
    allow,
  ]);
});

it('what stands on its namespace goes with it, and an agent that does not know it leaves the target alone', () => {
  const namespace = { labels: { team: 'shop' }, annotations: { 'example.org/owner': 'Ada' } };
  const entry = entryOf({ document: checkoutDocument({ namespace }) });
  const { sync, intent, needs } = desiredEntrySchema.parse({ ...entry, generation: 1 });
  expect([sync.namespace, intent, needs]).toEqual([namespace, 'run-if-understood', ['namespace-metadata']]);
});

it('the windows of its environment go along where they concern it', () => {
  const windows = [
    { deny: '0 17 * * 5', duration: '63h', timeZone: 'Europe/Berlin', manualSync: true },
    { allow: '0 22 * * *', duration: '2h', applications: ['check*'], clusters: ['us-*'] },
    { allow: '0 3 * * *', duration: '2h', applications: ['check*'], clusters: ['us-*'], useAndOperator: true },
    { deny: '0 0 1 1 *', duration: '24h', namespaces: ['catalog'] },
  ];
  const entry = entryOf({ stage: { ...stage, windows } });
  expect([entry.windows, entry.needs]).toEqual([
    [
      { kind: 'deny', schedule: '0 17 * * 5', duration: '63h', timeZone: 'Europe/Berlin', manualSync: true },
      { kind: 'allow', schedule: '0 22 * * *', duration: '2h' },
    ],
    ['windows'],
  ]);
});

it('that its agents may go back by themselves goes along, and needs nothing of them', () => {
  const retreat = { after: '10m', within: '30m' };
  const entry = entryOf({ stage: { ...stage, retreat } });
  expect([entry.retreat, entry.intent, entryOf({}).retreat]).toEqual([retreat, 'run', undefined]);
});

it('a credential that is named no more is not named in what stands either', () => {
  const { agentCredential: _, ...open } = application;
  const entry = entryOf({
    content: { ...content, source: { ...content.source, credential: 'shop-read' } },
    application: open,
  });
  expect(entry.source).toEqual(content.source);
});

it('whom objects are taken from, and what becomes of those that go, is said where the document says it, and nowhere else', () => {
  const said = { pruneAdopted: true, cascade: 'foreground' as const, takeOverFrom: ['argocd' as const] };
  const inputs = { uid: 't1', cluster: 'eu-1', stage, labels: {}, content, application, previous: undefined };
  expect(desiredEntry({ ...inputs, document: checkoutDocument(said) }).sync).toEqual({
    prune: true,
    drift: 'correct',
    adopt: false,
    createNamespace: true,
    ...said,
  });
});
