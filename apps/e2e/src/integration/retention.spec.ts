import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deliveryRetention, IdempotencyStore, sealLedger, sourcesRetention } from '@flotilla/control-store';
import { storeOfSpec } from '../support/store-of-spec.ts';
import {
  apiToken,
  cluster,
  daysAgo,
  deployment,
  document,
  forgotten,
  gatewayRules,
  line,
  plant,
  release,
  repair,
  revision,
  rollout,
  statusRow,
  statusRules,
  sweep,
  target,
  tree,
  valuesIn,
} from '../support/retention-rows.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

describe('what nobody needs any more', () => {
  it('of status: old deployments but the newest of each target, what was said of targets that are gone, dead tokens', async () => {
    const { store } = await fixture.store();
    await plant(store, {
      target: [target('lives'), target('still', { environment: 'prod' })],
      deployment: [
        ...[50, 40, 20].map((days) => deployment('lives', days)),
        ...[90, 80].map((days) => deployment('still', days)),
        ...[50, 20].map((days) => deployment('gone', days)),
      ],
      target_status: ['lives', 'gone'].map(statusRow),
      target_detail: ['lives', 'gone', 'long-gone'].map((of) => ({ target: of, resources: [], drift: [] })),
      join_token: [6, 8, -1].map((days) => ({ hash: `${days}`, cluster: 'c', expires_at: daysAgo(days) })),
    });
    await sweep(store, statusRules);
    const days = `target || ' ' || round(extract(epoch FROM '${daysAgo(0)}'::timestamptz - at) / 86400)`;
    expect({
      deployments: await valuesIn(store, 'deployment', days),
      statuses: await valuesIn(store, 'target_status', 'target'),
      details: await valuesIn(store, 'target_detail', 'target'),
      tokens: await valuesIn(store, 'join_token', 'hash'),
    }).toEqual({
      deployments: ['gone 20', 'lives 20', 'still 80'],
      statuses: ['lives'],
      details: ['lives'],
      tokens: ['-1', '6'],
    });
  });

  it('of delivery: rollouts of long ago, and releases that are neither among the last fifty nor named', async () => {
    const { store } = await fixture.store();
    await plant(store, {
      document: [document('app', 'Application')],
      release: [
        ...Array.from({ length: 50 }, (_, index) => release(`last-${index + 10}`, index)),
        ...['a-target', 'a-last-good', 'a-tombstone', 'a-rollout', 'nobody', 'an-old-rollout'].map((named) =>
          release(`named-by-${named}`, 400),
        ),
        release('left', 3, { application: 'deleted', application_name: 'deleted' }),
        release('leaving', 3, { application: 'deleting', application_name: 'deleting' }),
      ],
      target: [
        target('t1', { release: 'named-by-a-target', last_good: 'named-by-a-last-good' }),
        target('t2', { environment: 'prod', release: 'named-by-a-tombstone', gone_generation: 2 }),
        target('t3', { release: 'leaving', application: 'deleting', application_name: 'deleting' }),
      ],
      rollout: [
        rollout('old', 91, { release: 'named-by-an-old-rollout' }),
        rollout('recent', 89, { release: 'named-by-a-rollout' }),
        rollout('newest-elsewhere', 300, { environment: 'prod' }),
        rollout('runs', 300, { state: 'Running', finished_at: null }),
        rollout('finished-last', 300, { environment: 'staging' }),
        rollout('given-up', 200, { environment: 'staging', state: 'Aborted' }),
        rollout('of-a-deleted-one', 91, { application: 'deleted', application_name: 'deleted' }),
      ],
    });
    await sweep(store, deliveryRetention);
    expect({
      releases: (await valuesIn(store, 'release', 'uid')).filter((uid) => !uid.startsWith('last-')),
      last: (await valuesIn(store, 'release', 'uid')).filter((uid) => uid.startsWith('last-')).length,
      rollouts: await valuesIn(store, 'rollout', 'uid'),
    }).toEqual({
      releases: ['leaving', 'named-by-a-last-good', 'named-by-a-rollout', 'named-by-a-target', 'named-by-a-tombstone'],
      last: 50,
      rollouts: ['finished-last', 'given-up', 'newest-elsewhere', 'recent', 'runs'],
    });
  });

  it('of delivery: what was kept for a cluster that was forgotten, ended upgrades of agents, orders of yesterday', async () => {
    const { store } = await fixture.store();
    const set = (of: string) => ({ cluster: of, epoch: 1, generation: 1, digest: 'd' });
    const upgrade = (uid: string, days: number, state = 'Finished') => ({
      uid,
      project: 'p',
      image: 'i',
      version: 'v',
      at_once: 1,
      failures_max: 0,
      forgiven: 0,
      deadline_seconds: 9,
      state,
      created_at: daysAgo(days),
      finished_at: daysAgo(days),
    });
    const step = (of: string) => ({
      upgrade: of,
      cluster: 'c',
      cluster_name: 'c',
      state: 'Upgraded',
      since: daysAgo(100),
      was_well: [],
    });
    await plant(store, {
      cluster: [cluster('c')],
      forgotten_cluster: [forgotten('lost'), forgotten('leaving')],
      target: [
        target('stays'),
        target('unheard', { environment: 'qa', gone_generation: 2 }),
        target('unplanned', { environment: 'prod', cluster: 'leaving' }),
        target('never-heard', { cluster: 'lost', gone_generation: 2 }),
      ],
      desired_set: ['c', 'lost', 'leaving'].map(set),
      issued_set: ['c', 'lost', 'leaving'].map(set),
      agent_upgrade: [upgrade('first', 95), upgrade('second', 93), upgrade('third', 92)],
      upgrade_step: ['first', 'third'].map(step),
      rollout_step: [{ rollout: 'gone', cluster: 'c', wave: 0, place: 0 }],
      given_order: [0.9, 1.1].map((days) => ({ request: `${days}`, answer: {}, at: daysAgo(days) })),
    });
    await sweep(store, deliveryRetention);
    expect({
      targets: await valuesIn(store, 'target', 'uid'),
      sets: await valuesIn(store, 'desired_set', 'cluster'),
      issued: await valuesIn(store, 'issued_set', 'cluster'),
      upgrades: await valuesIn(store, 'agent_upgrade', 'uid'),
      steps: await valuesIn(store, 'upgrade_step', 'upgrade'),
      waves: await valuesIn(store, 'rollout_step', 'rollout'),
      orders: await valuesIn(store, 'given_order', 'request'),
    }).toEqual({
      targets: ['stays', 'unheard', 'unplanned'],
      sets: ['c', 'leaving'],
      issued: ['c'],
      upgrades: ['third'],
      steps: ['third'],
      waves: [],
      orders: ['0.9'],
    });
  });

  it('of delivery: of the sets that a silent cluster was issued, all but the last thousand', async () => {
    const { store } = await fixture.store();
    const set = (generation: number) => ({ cluster: 'c', epoch: 1, generation, digest: 'd' });
    await plant(store, {
      cluster: [cluster('c'), cluster('other')],
      desired_set: [set(1_500)],
      issued_set: [1, 499, 500, 1_500].map(set).concat({ ...set(1), cluster: 'other' }),
    });
    await sweep(store, deliveryRetention);
    expect(await valuesIn(store, 'issued_set', `cluster || ' ' || generation`)).toEqual(['c 1500', 'c 500', 'other 1']);
  });

  it('of sources: revisions behind the last two hundred but for heads and what releases name, and trees of no revision', async () => {
    const { store } = await fixture.store();
    await plant(store, {
      document: [document('repo', 'Repository')],
      revision: [
        ...Array.from({ length: 205 }, (_, index) => revision(`main-${index + 101}`, index + 1)),
        revision('head-of-a-branch', 1, { ref: 'branch' }),
        revision('of-a-deleted-one', 1, { repository: 'deleted' }),
        revision('released-of-a-deleted-one', 2, { repository: 'deleted' }),
      ],
      path_tree: [
        ...[1, 2, 3, 4, 9].map((seq) => tree('often', seq)),
        tree('once', 1),
        tree('often', 1, { ref: 'branch' }),
        tree('any', 1, { repository: 'deleted' }),
      ],
      repository_look: ['repo', 'deleted'].map((repository) => ({ repository })),
      release: [
        release('r', 500, { revision: 'main-103' }),
        release('s', 500, { revision: 'released-of-a-deleted-one' }),
      ],
    });
    await sweep(store, sourcesRetention);
    const commits = await valuesIn(store, 'revision', 'commit');
    expect({
      last: commits.filter((commit) => commit > 'main-105' && commit.startsWith('main-')).length,
      others: commits.filter((commit) => !(commit > 'main-105' && commit.startsWith('main-'))),
      trees: await valuesIn(store, 'path_tree', `ref || ' ' || path || ' ' || seq`),
      looks: await valuesIn(store, 'repository_look', 'repository'),
    }).toEqual({
      last: 200,
      others: ['head-of-a-branch', 'main-103', 'released-of-a-deleted-one'],
      // The release of revision 3 keeps the tree of then; 4 is that of revisions 6 to 8.
      trees: ['branch often 1', 'main often 3', 'main often 4', 'main often 9', 'main once 1'],
      looks: ['repo'],
    });
  });

  it('of gateway: lines of the ledger that are too old, answers of yesterday, and tokens that ended long ago', async () => {
    const { store } = await fixture.store();
    const answer = (key: string, days: number) => ({
      principal: 'a',
      key,
      request_digest: 'd',
      status: 200,
      body: {},
      created_at: daysAgo(days),
    });
    await plant(store, {
      ledger: [line(400), line(31), line(29), line(35)],
      idempotency_key: [answer('today', 0.9), answer('yesterday', 1.1), answer('again', 1.1)],
      api_token: [
        apiToken('good'),
        apiToken('lasts', { expires_at: daysAgo(-1) }),
        apiToken('just-expired', { expires_at: daysAgo(89) }),
        apiToken('expired', { expires_at: daysAgo(91) }),
        apiToken('just-revoked', { revoked_at: daysAgo(89), expires_at: daysAgo(-9) }),
        apiToken('revoked', { revoked_at: daysAgo(91), expires_at: daysAgo(-9) }),
        // It would be good again with the next start of a gateway.
        apiToken('revoked-of-the-settings', { revoked_at: daysAgo(500), created_by: null }),
      ],
    });
    // A key is free after a day, whether or not it was swept.
    const again = { principal: 'a', key: 'again', requestDigest: 'other' };
    expect(await new IdempotencyStore(store).begin(again)).toEqual({ ok: true, value: undefined });
    await sealLedger(store);
    await plant(store, { ledger: [line(99)] });
    await sweep(store, gatewayRules);
    // Nothing goes from behind a line that stays, and nothing that has no place in the chain yet.
    expect({
      lines: await valuesIn(store, 'ledger', 'message'),
      answers: await valuesIn(store, 'idempotency_key', 'key'),
      tokens: await valuesIn(store, 'api_token', 'hash'),
    }).toEqual({
      lines: ['29', '35', '99'],
      answers: ['again', 'today'],
      tokens: ['good', 'just-expired', 'just-revoked', 'lasts', 'revoked-of-the-settings'],
    });
  });
});

describe('what of repairs stays', () => {
  it('is what is not over, and of the rest ninety days, as long as there is a repository', async () => {
    const { store } = await fixture.store();
    await plant(store, {
      document: [document('repo', 'Repository')],
      repair: [
        repair('new', 89),
        repair('old', 91),
        repair('failed', 91, { state: 'Failed' }),
        repair('open', 91, { state: 'PullRequestOpen' }),
        repair('undecided', 91, { state: 'Conflict' }),
        repair('of-a-deleted-one', 1, { repository: 'deleted', state: 'Waiting' }),
      ],
    });
    await sweep(store, sourcesRetention);
    expect(await valuesIn(store, 'repair', 'uid')).toEqual(['new', 'open', 'undecided']);
  });
});
