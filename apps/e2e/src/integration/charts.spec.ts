import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock, systemRandom } from '@flotilla/foundation';
import { objectTitle, keyOfObject, type KubeObject } from '@flotilla/model';
import { createKubeClient, type KubeClient } from '@flotilla/platform-kube';
import { findDeployProgram, until } from '@flotilla/testing';
import { apiServers, type OpenApiServer } from '../support/api-servers.ts';
import { chartCases, refusedValues } from '../support/chart-cases.ts';
import { foreignDefinitions } from '../support/foreign-definitions.ts';
import { networkOf } from '../support/network-rules.ts';
import { renderChart, runHelm } from '../support/render-chart.ts';

const helm = findDeployProgram('helm')!;

interface Container {
  readonly name: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly securityContext: object;
  readonly resources: { readonly limits?: object };
  readonly volumeMounts?: readonly object[];
}

interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly [Container];
  readonly volumes?: readonly object[];
}

interface Workload {
  readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };
}

function podSpecs(objects: readonly KubeObject[]): PodSpec[] {
  const workloads = objects.filter(({ kind }) => kind === 'Deployment');
  return workloads.map(({ spec }) => (spec as { template: { spec: PodSpec } }).template.spec);
}

describe.skipIf(!helm)('the charts', () => {
  it.each(chartCases.map((each) => [each.title, each] as const))('%s: helm has nothing to say', (_, each) => {
    expect(runHelm(helm, 'lint', each)).toMatch(/0 chart\(s\) failed/);
  });

  it.each(refusedValues)('refuse %s', (_, release, words) => {
    expect(() => renderChart(helm, release)).toThrow(words);
  });

  it.each(chartCases.map((each) => [each.title, each] as const))('%s: no pod may do more than it has to', (_, each) => {
    const [none, pods] = [
      { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      podSpecs(renderChart(helm, each)),
    ];
    for (const { automountServiceAccountToken, securityContext, containers } of pods) {
      expect({
        automountServiceAccountToken,
        securityContext,
        containers: containers.map((one) => one.securityContext),
      }).toEqual({
        // Only an agent has anything to say to an API server.
        automountServiceAccountToken: each.chart === 'flotilla' ? false : undefined,
        securityContext: expect.objectContaining({
          runAsNonRoot: true,
          seccompProfile: each.seccompProfile ?? { type: 'RuntimeDefault' },
        }) as object,
        containers: [none],
      });
      expect(containers[0].resources.limits).toHaveProperty('memory');
    }
    expect(pods).toHaveLength(each.chart === 'flotilla' ? 4 : 1);
  });

  it('give an agent that renders with programs a place for them, and memory for two', () => {
    const each = chartCases.find(({ title }) => title === 'flotilla-agent, that renders with programs')!;
    const { containers, volumes } = podSpecs(renderChart(helm, each))[0]!;
    expect([containers[0].volumeMounts, containers[0].resources.limits, volumes]).toEqual([
      [{ name: 'boxes', mountPath: '/tmp' }],
      { memory: '1280Mi' },
      [{ name: 'boxes', emptyDir: { sizeLimit: '1Gi' } }],
    ]);
  });

  it('let every pod talk to whom it has to, and to nobody else', () => {
    const [told] = chartCases;
    const objects = renderChart(helm, told!);
    const pods = objects
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ spec }) => (spec as unknown as Workload).template);
    const network = pods.map(({ metadata }) => [
      metadata.labels['app.kubernetes.io/component'],
      networkOf(objects, metadata.labels),
    ]);
    const [names, database, broker, git] = [53, 5432, 4222, 443];
    expect(Object.fromEntries(network)).toEqual({
      sources: { dials: [names, database, broker, git], isDialled: [] },
      delivery: { dials: [names, database, broker], isDialled: [] },
      status: { dials: [names, database, broker], isDialled: [] },
      gateway: { dials: [names, database, broker], isDialled: ['http'] },
    });
  });

  it('tell each service what its values say, and nothing that they do not', () => {
    const told = (title: string) => {
      const each = chartCases.find((one) => one.title === `flotilla, ${title}`)!;
      const given = podSpecs(renderChart(helm, each)).flatMap(({ containers: [{ name, env }] }) =>
        env.map((one) => [`${name} ${one.name}`, one.value] as const),
      );
      return Object.fromEntries(given.filter(([name]) => /RETENTION|PROXIES|RETIRED|BEFORE/.test(name)));
    };
    const files = '/run/secrets/flotilla';
    expect([told('with everything on'), told('as little as there can be')]).toEqual([
      {
        'gateway LEDGER_RETENTION': '730d',
        'gateway TRUSTED_PROXIES': '10.0.0.0/8,fd00::/8',
        'status DEPLOYMENT_RETENTION': '90d',
        'status AGENT_SIGNING_KEYS_RETIRED_FILE': `${files}/agent-signing-keys-retired`,
        'status AGENTS_ACCOUNTS_BEFORE_FILE': `${files}/agents-accounts-before`,
      },
      { 'gateway LEDGER_RETENTION': '365d', 'status DEPLOYMENT_RETENTION': '365d' },
    ]);
  });

  it('keep no secret: what is secret is named, and is yours', () => {
    const kinds = new Set(chartCases.flatMap((each) => renderChart(helm, each).map(({ kind }) => kind)));
    expect(kinds).not.toContain('Secret');
  });
});

describe.skipIf(!helm).each(apiServers())('the charts on $name', ({ open }) => {
  let server: OpenApiServer;
  let client: KubeClient;

  beforeAll(async () => {
    server = await open({ controllers: false });
    client = createKubeClient({ transport: server.transport, clock: systemClock, random: systemRandom });
    for (const name of new Set(chartCases.map(({ namespace }) => namespace))) {
      await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { manager: 'test' });
    }
    for (const definition of foreignDefinitions) await client.create(definition, { manager: 'test' });
    const isServed = async () => {
      await client.kinds.refresh();
      const found = await Promise.all(
        ['PodMonitor', 'PrometheusRule'].map((kind) => client.kinds.find({ group: 'monitoring.coreos.com', kind })),
      );
      return (
        found.every(Boolean) && (await client.kinds.find({ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }))
      );
    };
    await until(isServed, { what: 'the kinds of others' });
  });
  afterAll(() => server?.stop());

  it.each(chartCases.map((each) => [each.title, each] as const))(
    '%s: every object is taken as it is',
    async (_, each) => {
      const refused: string[] = [];
      const objects = renderChart(helm, each);
      for (const object of objects) {
        const applying = client.apply(object, {
          manager: 'helm',
          force: false,
          dryRun: true,
          fieldValidation: 'Strict',
        });
        const applied = await applying.catch((error: unknown) => (error as Error).message);
        const said = typeof applied === 'string' ? [applied] : 'warnings' in applied ? applied.warnings : ['conflicts'];
        for (const words of said) refused.push(`${objectTitle(keyOfObject(object))}: ${words}`);
      }
      expect({ refused, some: objects.length > 4 }).toEqual({ refused: [], some: true });
    },
  );

  it('a field that Kubernetes does not know would be refused', async () => {
    const [deployment] = renderChart(helm, chartCases[0]!).filter(({ kind }) => kind === 'Deployment');
    const wrong = { ...deployment!, spec: { ...(deployment!.spec as object), replica: 3 } };
    const applying = client.apply(wrong, { manager: 'helm', force: false, dryRun: true, fieldValidation: 'Strict' });
    await expect(applying).rejects.toThrow(/replica/);
  });
});
