import type { ChartRelease } from './render-chart.ts';

export interface ChartCase extends ChartRelease {
  readonly title: string;
  /** Where it is not the runtime's own. */
  readonly seccompProfile?: object;
}

const needed = { agents: { natsUrl: 'tls://nats.example.org:4222' } };
const plane = { chart: 'flotilla', release: 'flotilla', namespace: 'flotilla' } as const;
const agent = { chart: 'flotilla-agent', release: 'flotilla-agent', namespace: 'flotilla-system' } as const;
const dialled = { controlPlane: { url: 'https://flotilla.example.org' } };

const peers = [{ namespaceSelector: { matchLabels: { team: 'platform' } } }];
const monitoring = { podMonitor: true, rules: true, interval: '15s', labels: { release: 'prometheus' } };
const placed = {
  priorityClassName: 'system-cluster-critical',
  nodeSelector: { 'kubernetes.io/arch': 'amd64' },
  tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }],
};
const image = {
  repository: 'images.example.org/flotilla',
  digest: `sha256:${'0'.repeat(64)}`,
  pullPolicy: 'Always',
  pullSecrets: [{ name: 'pull' }],
};
const telemetry = { otlpEndpoint: 'http://collector:4318' };

/** The ways in which people install the charts. */
export const chartCases: readonly ChartCase[] = [
  { title: 'flotilla, with what it needs to be told', ...plane, values: needed },
  { title: 'flotilla, highly available', ...plane, file: 'values-ha.yaml', values: needed },
  {
    title: 'flotilla, as little as there can be',
    ...plane,
    values: {
      ...needed,
      networkPolicy: { enabled: false },
      sources: { replicas: 1 },
      delivery: { replicas: 1, orderKeyLists: false },
      status: { replicas: 1, revokeAtBroker: false, keysBefore: false },
      gateway: { replicas: 1, bootstrapToken: false },
    },
  },
  {
    title: 'flotilla, with everything on',
    ...plane,
    file: 'values-ha.yaml',
    values: {
      image,
      telemetry,
      monitoring,
      ...placed,
      agents: { natsUrl: 'wss://nats.example.org:443', natsCaSecret: 'agents-ca' },
      database: { secret: 'flotilla-app', key: 'uri', port: 6432, poolMax: 20 },
      nats: { url: 'tls://nats-0:4222,tls://nats-1:4222', caSecret: 'nats-ca' },
      gateway: {
        service: { type: 'LoadBalancer', port: 443, annotations: { lb: 'internal' } },
        ledgerRetention: '730d',
        trustedProxies: ['10.0.0.0/8', 'fd00::/8'],
      },
      status: { deploymentRetention: '90d' },
      ingress: {
        enabled: true,
        className: 'nginx',
        host: 'flotilla.example.org',
        tlsSecret: 'tls',
        annotations: { a: 'b' },
      },
      httpRoute: { enabled: true, parentRefs: [{ name: 'public' }], hostnames: ['flotilla.example.org'] },
      networkPolicy: {
        gatewayFrom: peers,
        metricsFrom: peers,
        databaseTo: peers,
        natsTo: peers,
        gitPorts: [443, 8443],
      },
    },
  },
  { title: 'flotilla-agent, with what it needs to be told', ...agent, values: dialled },
  {
    title: 'flotilla-agent, only as it is told',
    ...agent,
    values: {
      ...dialled,
      networkPolicy: { enabled: false },
      rbac: {
        scope: 'none',
        extraRules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
        actAs: [{ namespace: 'default', name: 'deployer' }],
      },
    },
  },
  {
    title: 'flotilla-agent, with everything on',
    ...agent,
    values: {
      ...dialled,
      image,
      telemetry,
      monitoring,
      ...placed,
      rbac: { scope: 'everything' },
      cacheSize: '1Gi',
      rendering: { programs: true, seccompProfile: 'profiles/flotilla-agent.json' },
      networkPolicy: { metricsFrom: peers },
    },
    seccompProfile: { type: 'Localhost', localhostProfile: 'profiles/flotilla-agent.json' },
  },
  {
    title: 'flotilla-agent, that renders with programs',
    ...agent,
    values: { ...dialled, rendering: { programs: true } },
    seccompProfile: { type: 'Unconfined' },
  },
];

/** Where wrong values are refused before anything is sent, and in which words. */
export const refusedValues: readonly (readonly [string, ChartRelease, RegExp])[] = [
  ['no address for agents', plane, /agents\.natsUrl: where do agents dial the broker\?/],
  ['no front door', agent, /controlPlane\.url: where is the front door/],
  ['a word that no value has', { ...plane, values: { ...needed, sources: { replica: 3 } } }, /replica/],
  ['no replica at all', { ...plane, values: { ...needed, status: { replicas: 0 } } }, /replicas/],
  [
    'a secret where a Secret is to be named',
    { ...plane, values: { ...needed, database: { url: 'postgres://' } } },
    /url/,
  ],
  [
    'a retention that is none',
    { ...plane, values: { ...needed, gateway: { ledgerRetention: '1 year' } } },
    /ledgerRetention/,
  ],
  [
    'a proxy by a name that anybody could answer to',
    { ...plane, values: { ...needed, gateway: { trustedProxies: ['proxy.example.org'] } } },
    /trustedProxies/,
  ],
  [
    'a profile outside of where the nodes keep them',
    { ...agent, values: { ...dialled, rendering: { seccompProfile: '/etc/passwd' } } },
    /seccompProfile/,
  ],
  ['a scope that there is not', { ...agent, values: { ...dialled, rbac: { scope: 'some' } } }, /scope/],
  ['an Ingress without a host', { ...plane, values: { ...needed, ingress: { enabled: true } } }, /ingress\.host/],
];
