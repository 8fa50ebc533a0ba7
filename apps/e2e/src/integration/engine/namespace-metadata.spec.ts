import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@flotilla/testing';
import { apiServers } from '../../support/api-servers.ts';
import { configMap, filesOf, type EngineWorld } from '../../support/engine/engine-world.ts';
import { enginesOfSuite } from '../../support/engine/engines-of-suite.ts';

const mark = { 'flotilla.dev/kept-namespace': 'true' };

describe.each(apiServers())('labels on a namespace, on $name', ({ open }) => {
  const engines = enginesOfSuite(open, { beforeAll, afterEach, afterAll });
  let world: EngineWorld;

  const key = () => ({ group: '', kind: 'Namespace', name: world.namespace });
  /** Without the one that every API server puts there. */
  const labels = async () => {
    const { 'kubernetes.io/metadata.name': _, ...own } = (await world.agent.client.get(key()))!.metadata.labels ?? {};
    return own;
  };
  const has = (label: string, value: string | undefined) =>
    until(async () => (await labels())[label] === value, { what: `${label} to be ${value}` });
  const patch = (patched: Record<string, string | null>) =>
    world.agent.client.mergePatch(key(), { metadata: { labels: patched } }, { manager: 'kubectl-edit' });

  it('stand there before what lives in it, are kept, and go with the target; what others put there stays', async () => {
    world = await engines.open();
    const sync = { prune: true, drift: 'correct', adopt: false, createNamespace: true } as const;
    const namespace = { labels: { team: 'shop', 'pod-security.kubernetes.io/enforce': 'baseline' } };
    const entry = await world.run(filesOf(configMap('one')), { sync: { ...sync, namespace } });
    const first = world.writes.map((line) => line.replaceAll(world.namespace, 'NS'));
    const laid = await labels();
    await patch({ team: 'others', cost: 'theirs' });
    await has('team', 'shop');
    await patch({ 'flotilla.dev/kept-namespace': null, team: null });
    await has('team', 'shop');
    await world.dieAndStart();
    world.agent.plane.order({ ...entry, intent: 'delete', deletedBy: 'anna' });
    await world.agent.reported('target1', (status) => status.gone === true);
    expect([first.indexOf('PATCH /api/v1/namespaces/NS'), laid, await labels()]).toEqual([
      0,
      { ...namespace.labels, ...mark },
      { cost: 'theirs' },
    ]);
  });
});
