import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { apiServers } from '../../support/api-servers.ts';
import { configMap, filesOf, type EngineWorld } from '../../support/engine/engine-world.ts';
import { enginesOfSuite } from '../../support/engine/engines-of-suite.ts';

describe.each(apiServers())('AT-03 and AT-04, on $name: a copy of our marks is no proof', ({ open }) => {
  const engines = enginesOfSuite(open, { beforeAll, afterEach, afterAll });
  let world: EngineWorld;

  const named = async (name: string) => (await world.list('ConfigMap')).find(({ metadata }) => metadata.name === name);

  /** Somebody makes an object with every label and annotation of one of ours. */
  async function copy(from: string, name: string): Promise<KubeObject> {
    const { labels, annotations = {} } = (await named(from))!.metadata;
    const metadata = { name, namespace: world.namespace, labels, annotations };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { theirs: 'yes' } } as KubeObject;
    await world.agent.client.create(object, { manager: 'copier' });
    return (await named(name))!;
  }

  it('a copy that Git names afterwards stays whose it is, also over a restart; with adopt it is taken, and left in place', async () => {
    world = await engines.open();
    await world.run(filesOf(configMap('ours')));
    const theirs = await copy('ours', 'copied');
    world.order(filesOf(configMap('ours'), configMap('copied')));
    const { reason } = await world.told('Conflict');
    await world.dieAndStart();
    await world.told('Conflict');
    expect([reason!.message, await named('copied')]).toEqual([expect.stringContaining('copier'), theirs]);

    const sync = { prune: true, drift: 'correct', adopt: true, createNamespace: true } as const;
    await world.run(filesOf(configMap('ours'), configMap('copied')), { sync });
    await world.run(filesOf(configMap('ours')), { sync });
    expect([world.deletes, await world.data()]).toEqual([[], { ours: { a: '1' }, copied: { a: '1', theirs: 'yes' } }]);
  });
});
