import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@flotilla/testing';
import { convert } from '../../applications/certificates/convert.ts';
import { apiServers, type OpenApiServer } from '../../support/api-servers.ts';
import { EngineWorld } from '../../support/engine/engine-world.ts';
import { edited, readApplication, without, type ApplicationFiles } from '../../support/engine/read-application.ts';
import { startWebhookServer, type WebhookServer } from '../../support/webhook-server/webhook-server.ts';

const certificates = { group: 'pki.example.org', kind: 'Certificate' };
const definitions = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };
const namespace = 'certificates';

const real = apiServers().filter(({ isReal }) => isReal);

describe.skipIf(real.length === 0)('definitions with two versions and a conversion webhook, on kube-apiserver', () => {
  let server: OpenApiServer;
  let world: EngineWorld;
  let webhook: WebhookServer;
  let files: ApplicationFiles;

  beforeAll(async () => {
    server = await real[0]!.open();
    webhook = await startWebhookServer({ convert });
    files = readApplication('certificates', {
      'https://127.0.0.1:9443': webhook.url,
      'Cg==': webhook.caBundle,
    });
    world = await EngineWorld.open(server);
  });
  afterAll(async () => {
    await world?.stop();
    await webhook?.stop();
    await server?.stop();
  });

  const specs = async () => {
    await world.agent.client.kinds.refresh();
    const there = await world.list(certificates, namespace);
    return Object.fromEntries(there.map(({ metadata, spec }) => [metadata.name, spec]));
  };
  const oldSpec = { hosts: ['old.example.org'], days: 90, issuer: 'internal' };
  const newSpec = { hosts: ['new.example.org', 'www.example.org'], days: 30, issuer: 'internal' };
  const person = (name: string, patch: Record<string, unknown>) =>
    world.agent.client.mergePatch({ ...certificates, namespace, name }, patch, { manager: 'kubectl-edit' });

  it('is installed in one commit: definitions first, then what is of them, in both versions', async () => {
    await world.run(files);
    expect(await specs()).toEqual({ old: oldSpec, new: newSpec });
  });

  it('sends nothing when nothing changed, though one is read in another version than it is written in', async () => {
    await world.settled();
    const before = world.writes.length;
    await world.look();
    await world.dieAndStart();
    await world.look();
    expect(world.writes.slice(before)).toEqual([]);
  });

  it.each(['old', 'new'])('takes back what somebody changed in the %s one', async (name) => {
    await person(name, { spec: { issuer: 'by-hand' } });
    await until(async () => ((await specs())[name] as { issuer?: string }).issuer === 'internal', {
      what: 'the issuer of Git',
    });
    await world.settled();
    expect(await specs()).toEqual({ old: oldSpec, new: newSpec });
  });

  it('is changed in the old version, and rewritten in the new one, without being made again', async () => {
    const uidOf = async () => (await world.list(certificates, namespace)).map(({ metadata }) => metadata.uid);
    const before = await uidOf();
    await world.run(edited(files, 'old.yaml', { 'host: old': 'host: older' }));
    const changed = await specs();
    await world.run(
      edited(files, 'old.yaml', { '/v1alpha1': '/v1', 'host: old.example.org': 'hosts: [old.example.org]' }),
    );
    expect([changed['old'], await specs(), await uidOf()]).toEqual([
      { ...oldSpec, hosts: ['older.example.org'] },
      { old: oldSpec, new: newSpec },
      before,
    ]);
  });

  it('prunes what is of a definition at once, and the definition once a person approved it', async () => {
    await world.run(without(files, 'old.yaml'));
    const before = await specs();
    world.order(without(files, 'old.yaml', 'definitions.yaml', 'issuer.yaml', 'new.yaml'));
    await world.told('EmptySource');
    world.order({
      ...without(files, 'old.yaml', 'definitions.yaml', 'issuer.yaml', 'new.yaml'),
      'app/left.yaml': left,
    });
    const { reason } = await world.told('ApprovalRequired');
    await world.look();
    const waiting = await specs();
    await world.approve();
    await until(async () => (await world.list(definitions, '')).length === 0, { what: 'the definitions to be gone' });
    expect({ before, waiting, message: reason!.message }).toEqual({
      before: { new: newSpec },
      waiting: { new: newSpec },
      message: expect.stringContaining('CustomResourceDefinition certificates.pki.example.org'),
    });
  });
});

const left = `apiVersion: v1
kind: ConfigMap
metadata: {name: left, namespace: certificates}
`;
