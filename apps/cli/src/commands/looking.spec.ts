import { operations } from '@flotilla/contracts';
import { sampleDiff, sampleDiffText } from '@flotilla/contracts/testing';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../testing/fake-control-plane.ts';
import {
  anHourAgo,
  planeWith,
  sampleApplication,
  sampleCluster,
  sampleStory,
  sampleTarget,
  worldOf,
} from '../testing/sample-fleet.ts';

const reason = { code: 'ImagePullBackOff', message: 'container app: no such image' };
const fine = sampleTarget('checkout.dev.eu-1');
const broken = sampleTarget('checkout.production.eu-2', { status: { health: 'Degraded', reason } });
const story = sampleStory(broken, {
  resources: [
    {
      group: 'apps',
      kind: 'Deployment',
      namespace: 'checkout',
      name: 'checkout',
      sync: 'Synced',
      health: 'Degraded',
      reason,
    },
  ],
  explanation: [{ state: 'Synced, Degraded', blockedBy: 'ImagePullBackOff: no such image', since: anHourAgo }],
});
const plane = () =>
  planeWith({
    targets: [fine, broken],
    stories: [story],
    clusters: [sampleCluster('eu-1')],
    documents: [sampleApplication],
  });

describe('explain', () => {
  it('says of a target what stands in its way', async () => {
    const { code, out } = await worldOf(plane()).run('explain', 'target', 'checkout.production.eu-2');
    expect([code, out]).toEqual([
      0,
      `Target:  checkout.production.eu-2
Is:      Synced, Degraded, runs 1a2b3c4d
Since:   2025-12-31T23:00:00.000Z (60m ago)

Synced, Degraded:
  blocked by:  ImagePullBackOff: no such image
  since:       2025-12-31T23:00:00.000Z (60m ago)

Not well:
  KIND         NAME       HEALTH     REASON
  Deployment   checkout   Degraded   ImagePullBackOff: container app: no such image
`,
    ]);
  });

  it('says that nothing does', async () => {
    const { out } = await worldOf(plane()).run('explain', 'target', 'checkout.dev.eu-1');
    expect(out).toMatch(/\nNow: {2}runs 1a2b3c4d; nothing waits\n$/);
  });

  it('tells of an application only the targets that are off', async () => {
    const { out } = await worldOf(plane()).run('explain', 'application', 'checkout');
    expect(out).toMatch(
      /^Application: {2}checkout\nTargets: {6}1 of 2 are as they should be\n\nTarget: {2}checkout\.production\.eu-2\n/,
    );
    expect(out).not.toContain('checkout.dev.eu-1');
  });

  it('says of an application that runs nowhere what is wrong with it', async () => {
    const problem = { code: 'GitRepositoryNotFound', message: 'shop.git is not there' };
    const application = { ...sampleApplication, status: { ...sampleApplication.status, problem } };
    const nowhere = planeWith({ targets: [], documents: [application] });
    const { out } = await worldOf(nowhere).run('explain', 'application', 'checkout');
    expect(out).toBe(`Application:  checkout
Targets:      none

Problem:  GitRepositoryNotFound: shop.git is not there
`);
  });

  it('tells a program the same', async () => {
    const { out } = await worldOf(plane()).run('explain', 'target', 'checkout.production.eu-2', '-o', 'json');
    expect(JSON.parse(out)).toEqual({
      items: [{ target: 'checkout.production.eu-2', explanation: story.explanation }],
    });
  });

  it.each([
    ['Pending', 'start its agent; flotilla cluster join eu-3 says how'],
    ['Lost', 'its agent calls by itself once it runs; if it is gone: flotilla cluster forget eu-3'],
    ['Ahead', 'flotilla recover'],
    ['Revoked', 'flotilla cluster join eu-3'],
  ] as const)('says of a cluster that is %s what the way out is', async (connection, way) => {
    const sample = sampleCluster('eu-3');
    const cluster = { ...sample, status: { ...sample.status, connection } };
    const { out } = await worldOf(planeWith({ clusters: [cluster] })).run('explain', 'cluster', 'eu-3');
    expect(out).toContain(`Way out:     ${way}\n`);
  });

  it('tells of an application what holds those that are well', async () => {
    const by = { by: 'user:ann', reason: 'holidays', since: anHourAgo };
    const frozen = { spec: { frozen: [{ name: 'year-end', scope: 'deploys' as const, ...by }] } };
    const held = [sampleTarget('checkout.dev.eu-1', frozen), sampleTarget('checkout.dev.eu-2', { spec: { pin: by } })];
    const stories = held.map((each) =>
      sampleStory(each, { explanation: [{ state: `held: ${each.metadata.name}`, blockedBy: 'user:ann: holidays' }] }),
    );
    const free = sampleTarget('checkout.dev.eu-3');
    const fleet = planeWith({ targets: [free, ...held], stories, documents: [sampleApplication] });
    const { out } = await worldOf(fleet).run('explain', 'application', 'checkout');
    expect(out).toContain('Targets:      3 of 3 are as they should be; 2 are held\n');
    const told = ['eu-1', 'eu-2', 'eu-3'].filter((cluster) => out.includes(`held: checkout.dev.${cluster}`));
    expect([told, out.includes('checkout.dev.eu-3')]).toEqual([['eu-1', 'eu-2'], false]);
  });
});

describe('the page of one thing', () => {
  it('tells the story of a target', async () => {
    const { out } = await worldOf(plane()).run('describe', 'target', 'checkout.production.eu-2');
    expect(out.match(/^\w[\w ]*:/gm)).toEqual(
      ['Name', 'Project', 'UID', 'Created', 'Cluster', 'Namespace', 'Intent']
        .concat(['Sync', 'Health', 'Since', 'Reason', 'Runs', 'Shall run', 'Applied'])
        .concat(['Synced, Degraded', 'Resources'].slice(1))
        .map((label) => `${label}:`),
    );
    expect(out).toContain('Synced, Degraded:\n  blocked by:  ImagePullBackOff: no such image\n');
  });

  it('gives a program the whole', async () => {
    const { out } = await worldOf(plane()).run('describe', 'target', 'checkout.production.eu-2', '-o', 'json');
    expect(JSON.parse(out)).toEqual(story);
  });

  it('has a page for what has none of its own', async () => {
    const { out } = await worldOf(plane()).run('describe', 'project', 'default');
    expect(out).toBe('Name:  default\nAge:   60m\n');
  });

  it('AT-27 shows what others wrote, and does not obey it', async () => {
    const hostile = sampleStory(fine, { explanation: [{ state: '\u001b[2Jstate', blockedBy: '\u202eevil' }] });
    const { out } = await worldOf(planeWith({ targets: [fine], stories: [hostile] })).run(
      'explain',
      'target',
      'checkout.dev.eu-1',
    );
    expect(out).toContain('<U+001B>[2Jstate:\n  blocked by:  <U+202E>evil\n');
  });
});

describe('diff', () => {
  it('shows what stands there and what shall, and tells of it by its exit code', async () => {
    const asking = plane().on(operations.diffTarget, () => ({ objects: [...sampleDiff] }));
    expect(await worldOf(asking).run('diff', 'target', 'checkout.dev.eu-1')).toEqual({
      code: 1,
      out: `checkout.dev.eu-1\n${sampleDiffText}`,
      err: '1 of 1 differ from Git\n',
    });
  });

  it('asks one agent after another, and ends with 0 when nothing differs', async () => {
    const asking = plane().on(operations.diffTarget, () => ({ objects: [] }));
    const outcome = await worldOf(asking).run('diff', 'application', 'checkout');
    expect([outcome, asking.orders.length]).toEqual([{ code: 0, out: '', err: 'nothing differs from Git\n' }, 2]);
  });

  it('ends with neither when an agent cannot be asked', async () => {
    const silent = plane().on(operations.diffTarget, () => {
      throw new Refusal(503, 'AgentProblem', 'cluster eu-1 is not heard');
    });
    const outcome = await worldOf(silent).run('diff', 'target', 'checkout.dev.eu-1');
    expect(outcome).toEqual({ code: 2, out: '', err: 'error: cluster eu-1 is not heard\n' });
  });

  it('AT-27 shows what a cluster holds, and does not obey it', async () => {
    const hostile = [{ ...sampleDiff[0]!, fields: [{ path: '.a', live: '\u001b[31m', manager: '\u0007' }] }];
    const asking = plane().on(operations.diffTarget, () => ({ objects: hostile }));
    const { out } = await worldOf(asking).run('diff', 'target', 'checkout.dev.eu-1');
    expect(out).toContain('@@ .a (changed by <U+0007>)\n-<U+001B>[31m\n');
  });
});

describe('history', () => {
  const deployment = {
    at: anHourAgo,
    healthyAt: '2025-12-31T23:00:07.000Z',
    revision: '1a2b3c4d'.padEnd(40, '0'),
    release: 'release1',
    health: 'Healthy' as const,
    application: 'checkout',
    environment: 'dev',
    cluster: 'eu-1',
    target: 't1',
  };

  it('is what was deployed on a target, and what became of it', async () => {
    const telling = plane().on(operations.listDeployments, () => ({ items: [deployment] }));
    const { out } = await worldOf(telling).run('history', 'target', 'checkout.dev.eu-1');
    expect(out).toBe(
      'TARGET              REVISION   HEALTH    HEALTHY AFTER   AGE   REASON\n' +
        'checkout.dev.eu-1   1a2b3c4d   Healthy   7s              60m   <none>\n',
    );
    expect(telling.asked.at(-1)).toContain('/deployments?limit=101&application=checkout&environment=dev&cluster=eu-1');
  });
});

describe('events', () => {
  const line = (id: string, subject: string) => {
    return { id, at: anHourAgo, actor: 'user:ada', action: 'target.suspend', subject, message: 'suspended: incident' };
  };
  const telling = () =>
    planeWith({ events: [line('2', 'Target default/checkout.dev.eu-1'), line('1', 'Cluster default/eu-1')] });

  it('tells them from top to bottom', async () => {
    const { out } = await worldOf(telling()).run('events');
    expect(out).toBe(
      'AGE   ACTOR      ACTION           SUBJECT                            MESSAGE\n' +
        '60m   user:ada   target.suspend   Cluster default/eu-1               suspended: incident\n' +
        '60m   user:ada   target.suspend   Target default/checkout.dev.eu-1   suspended: incident\n',
    );
  });

  it.each([
    ['target/checkout.dev.eu-1', '2'],
    ['cluster eu-1', '1'],
  ])('about %s', async (subject, id) => {
    const { out } = await worldOf(telling()).run('events', '--for', subject, '-o', 'name');
    expect(out).toBe(`event/${id}\n`);
  });
});
