import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { startWorkloadStub } from '@flotilla/testing';
import type { Running } from '@flotilla/foundation';
import { refuseTaken } from '../../applications/ingress-controller/refuse-taken.ts';
import { apiServers, type OpenApiServer } from '../../support/api-servers.ts';
import { EngineWorld } from '../../support/engine/engine-world.ts';
import { edited, readApplication, without, type ApplicationFiles } from '../../support/engine/read-application.ts';
import { startWebhookServer, type WebhookServer } from '../../support/webhook-server/webhook-server.ts';

const ingresses = { group: 'networking.k8s.io', kind: 'Ingress' };
const namespace = 'ingress-edge';

const real = apiServers().filter(({ isReal }) => isReal);

describe.skipIf(real.length === 0)('an ingress controller with an admission webhook, on kube-apiserver', () => {
  let server: OpenApiServer;
  let world: EngineWorld;
  let webhook: WebhookServer;
  let stub: Running;
  let files: ApplicationFiles;

  beforeAll(async () => {
    server = await real[0]!.open();
    webhook = await startWebhookServer({ admit: refuseTaken() });
    files = readApplication('ingress-controller', {
      'https://127.0.0.1:9443': webhook.url,
      'Cg==': webhook.caBundle,
    });
    world = await EngineWorld.open(server);
  });
  afterAll(async () => {
    await world?.stop();
    await stub?.stop();
    await webhook?.stop();
    await server?.stop();
  });

  const hostsThere = async () =>
    (await world.list(ingresses, namespace)).map(({ metadata, spec }) => [
      metadata.name,
      (spec as { rules: readonly { host: string }[] }).rules.map(({ host }) => host),
    ]);
  /** What the controller does once it serves them. */
  async function giveAddresses(): Promise<void> {
    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.10' }] } };
    for (const { metadata } of await world.list(ingresses, namespace)) {
      const key = { ...ingresses, namespace, name: metadata.name };
      await world.agent.client.mergePatch(key, { status }, { manager: 'edge', subresource: 'status' });
    }
  }
  const there = { shop: ['shop.example.org'], tea: ['tea.example.org'] };

  it('is installed: its webhook comes once the controller is well, and then its Ingresses are asked about', async () => {
    webhook.isUp = false;
    const entry = world.order(files);
    const { reason } = await world.agent.reported('target1', (status) => status.reason !== undefined);
    await world.look();
    const early = world.writes.filter((write) => /webhook|ingresses/.test(write));
    webhook.isUp = true;
    stub = startWorkloadStub(server.transport);
    await world.agent.synced('target1', entry.source.revision);
    expect({
      early,
      reason: reason!.message,
      hosts: Object.fromEntries(await hostsThere()),
      asked: webhook.asked > 0,
    }).toEqual({
      early: [],
      reason: expect.stringMatching(/waits for Deployment ingress-edge\/edge/),
      hosts: there,
      asked: true,
    });
  });

  it('refuses one Ingress: its words are told, and nothing of that commit is applied', async () => {
    const before = world.writes.length;
    const taken = edited(files, 'shop.yaml', { 'host: tea.example.org': 'host: shop.example.org' });
    world.order(edited(taken, 'controller.yaml', { 'edge:1.4.0': 'edge:1.5.0' }));
    const { reason, sync } = await world.agent.reported('target1', (status) => status.reason !== undefined);
    await world.look();
    expect({
      reason: reason!.message,
      sync,
      written: world.writes.slice(before),
      hosts: Object.fromEntries(await hostsThere()),
    }).toEqual({
      reason: expect.stringContaining('host shop.example.org is taken by shop'),
      sync: 'OutOfSync',
      written: [],
      hosts: there,
    });
  });

  it('is changed, and sends nothing more once it is', async () => {
    await giveAddresses();
    await world.run(edited(files, 'controller.yaml', { 'edge:1.4.0': 'edge:1.5.0', '8m': '16m' }));
    await world.agent.reported('target1', ({ health }) => health === 'Healthy');
    const before = world.writes.length;
    await world.look();
    const [{ spec }] = (await world.list({ group: 'apps', kind: 'Deployment' }, namespace)) as [KubeObject];
    const { template } = spec as { template: { spec: { containers: readonly { image: string }[] } } };
    expect([template.spec.containers[0]!.image, world.writes.slice(before)]).toEqual([
      'registry.example.org/edge:1.5.0',
      [],
    ]);
  });

  it('gives up its Ingresses and then its webhook, each by its own delete', async () => {
    const before = world.deletes.length;
    await world.run(without(files, 'shop.yaml'));
    await world.run(without(files, 'shop.yaml', 'webhook.yaml'));
    const deleted = world.deletes.slice(before).map((path) => path.split('/').slice(-2).join('/'));
    expect(deleted.toSorted()).toEqual(['ingresses/shop', 'ingresses/tea', 'validatingwebhookconfigurations/edge']);
  });
});
