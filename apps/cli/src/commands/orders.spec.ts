import { operations } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import {
  planeWith,
  sampleApplication,
  sampleCluster,
  sampleDocument,
  sampleTarget,
  worldOf,
} from '../testing/sample-fleet.ts';

const affected = { targets: [{ uid: 't1', name: 'checkout.dev.eu-1' }] };

function taking(answer = affected) {
  return planeWith({
    targets: [sampleTarget('checkout.dev.eu-1')],
    clusters: [sampleCluster('eu-1')],
    documents: [sampleApplication, sampleDocument('Repository', 'shop')],
  })
    .on(operations.syncTargets, () => answer)
    .on(operations.suspendTargets, () => answer)
    .on(operations.resumeTargets, () => answer)
    .on(operations.breakGlass, () => answer)
    .on(operations.lookAtRepository, () => ({ repository: 'shop' }));
}

describe('orders to targets', () => {
  const targets = '/api/v1/projects/default/targets';
  it.each([
    [
      'sync target checkout.dev.eu-1',
      [`POST ${targets}/sync {"application":"checkout","environment":"dev","cluster":"eu-1"}`],
      'target/checkout.dev.eu-1 is applied once more\n',
    ],
    [
      'sync application checkout --environment dev',
      [`POST ${targets}/sync {"environment":"dev","application":"checkout"}`],
      'target/checkout.dev.eu-1 is applied once more\n',
    ],
    ['sync --cluster eu-1 -o name', [`POST ${targets}/sync {"cluster":"eu-1"}`], 'target/checkout.dev.eu-1\n'],
    [
      'sync repository shop',
      ['POST /api/v1/projects/default/documents/repositories/shop/look'],
      'repository/shop is looked at\n',
    ],
    [
      'suspend cluster eu-1 --reason incident',
      [`POST ${targets}/suspend {"choice":{"cluster":"eu-1"},"reason":"incident"}`],
      'target/checkout.dev.eu-1 suspended\n',
    ],
    [
      'sync app/checkout --break-glass --reason hotfix --for 30m',
      [`POST ${targets}/break-glass {"choice":{"application":"checkout"},"reason":"hotfix","for":"30m"}`],
      'target/checkout.dev.eu-1 may take what waits for it\n',
    ],
    [
      'resume app/checkout -p shop',
      ['POST /api/v1/projects/shop/targets/resume {"application":"checkout"}'],
      'target/checkout.dev.eu-1 resumed\n',
    ],
  ])('%s', async (line, orders, out) => {
    const plane = taking();
    const outcome = await worldOf(plane).run(...line.split(' '));
    expect([outcome, plane.orders]).toEqual([{ code: 0, out, err: '' }, orders]);
  });

  it.each([
    ['nothing named', ['sync'], 2, /^error: which target\? Name what this is for/],
    ['a noun without a name', ['resume', 'applications'], 2, /^error: which application\?/],
    ['no reason', ['suspend', 'cluster', 'eu-1'], 2, /required option '--reason <text>'/],
    ['no reason to break the glass', ['sync', 'cluster', 'eu-1', '--break-glass'], 2, /^--reason: say why the glass/],
    ['a time where no glass is broken', ['sync', 'cluster', 'eu-1', '--for', '30m'], 2, /^--for: is for how long/],
    ['a name with a slip', ['sync', 'cluster', 'eu-11'], 5, /did you mean eu-1\?/],
    [
      'one right name and one wrong',
      ['resume', 'app/checkout', 'app/catalogue'],
      5,
      /there is no application catalogue/,
    ],
    ['a flag against a name', ['sync', 'app', 'checkout', '--application', 'x'], 2, /--application x is not checkout/],
    [
      'what takes no orders',
      ['sync', 'pipeline', 'standard'],
      2,
      /^error: this is not for pipelines; it is for: target,/,
    ],
  ])('with %s nobody is ordered anything', async (_, args, code, message) => {
    const plane = taking();
    const outcome = await worldOf(plane).run(...args);
    expect([outcome.code, plane.orders]).toEqual([code, []]);
    expect(outcome.err).toMatch(message);
  });

  it('tells whom it reached before the next choice can fail', async () => {
    const plane = taking();
    let calls = 0;
    plane.on(operations.syncTargets, () => (++calls === 1 ? affected : { targets: [] }));
    const { code, out } = await worldOf(plane).run('sync', 'app/checkout', 'app/checkout');
    expect([code, out]).toEqual([5, 'target/checkout.dev.eu-1 is applied once more\n']);
  });

  it('says when an order reached nobody', async () => {
    const outcome = await worldOf(taking({ targets: [] })).run('sync', '--environment', 'prod');
    expect(outcome).toEqual({
      code: 5,
      out: '',
      err:
        'error: there is no target in project default with --environment prod; ' +
        'list them with: flotilla get targets --environment prod\n',
    });
  });
});
