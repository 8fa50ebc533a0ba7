// Who may import whom: the table of the house (README.md has its map), as dependency-cruiser reads it. A room
// lists everything of ours that it may import; what is not listed is refused. No exceptions.
const shared = ['libs/shared/model', 'libs/shared/foundation'];
const workload = ['libs/workload/manifests', 'libs/workload/health', 'libs/workload/render'];
const decisions = ['libs/control/sources', 'libs/control/delivery', 'libs/control/fleet', 'libs/control/access'];
const platform = ['libs/platform/bus', 'libs/platform/git', 'libs/platform/kube', 'libs/platform/telemetry'];
const service = [
  'libs/control/host',
  'libs/control/store',
  ...decisions,
  'libs/shared/contracts',
  ...platform,
  ...workload,
  ...shared,
];
const everything = ['libs/'];

const rooms = {
  'libs/shared/foundation': [],
  'libs/shared/model': ['libs/shared/foundation'],
  'libs/shared/contracts': shared,
  'libs/shared/client': ['libs/shared/contracts', ...shared],
  'libs/workload/manifests': shared,
  'libs/workload/health': shared,
  'libs/workload/render': ['libs/workload/manifests', ...shared],
  'libs/control/sources': [...workload, ...shared],
  'libs/control/delivery': [...workload, ...shared],
  'libs/control/fleet': [...workload, ...shared],
  'libs/control/access': [...workload, ...shared],
  'libs/control/store': [...decisions, ...shared],
  'libs/control/host': [
    'libs/control/store',
    'libs/shared/contracts',
    'libs/platform/bus',
    'libs/platform/telemetry',
    ...shared,
  ],
  'libs/agent': [...workload, 'libs/shared/contracts', ...shared],
  'libs/platform/git': shared,
  'libs/platform/kube': shared,
  'libs/platform/telemetry': shared,
  'libs/platform/bus': ['libs/shared/contracts', 'libs/platform/telemetry', ...shared],
  'libs/kubesim': ['libs/workload/manifests', ...shared],
  'libs/testing': everything,
  'apps/gateway': service,
  'apps/sources': service,
  'apps/delivery': service,
  'apps/status': service,
  'apps/agent': ['libs/agent', 'libs/shared/contracts', ...platform, ...workload, ...shared],
  'apps/web': ['libs/shared/client', 'libs/shared/contracts', ...shared],
  'apps/cli': ['libs/shared/client', 'libs/shared/contracts', ...shared, ...workload, 'libs/platform/kube'],
  'apps/dev': everything,
  'apps/e2e': everything,
  tools: ['libs/agent', 'libs/testing', 'libs/control/delivery', 'libs/platform/telemetry', ...workload, ...shared],
};

const spec = String.raw`\.spec\.tsx?$`;

function arrow([room, allowed]) {
  const own = room === 'tools' ? '^tools/' : `^${room}/src/`;
  return {
    name: `${room} may import only: ${allowed.join(', ') || 'nothing of ours'}`,
    severity: 'error',
    from: { path: own, pathNot: spec },
    to: {
      path: '^(apps|libs)/',
      pathNot: [own, ...allowed.map((target) => `^${target.endsWith('/') ? target : `${target}/`}`)],
    },
  };
}

export default {
  forbidden: [
    { name: 'no circles, types included', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(arrow),
    {
      name: 'NestJS, TypeORM, NATS and the Kubernetes client stay in adapters and apps',
      severity: 'error',
      from: { path: '^libs/(shared|workload|agent|kubesim|control/(sources|delivery|fleet|access))/', pathNot: spec },
      to: { path: 'node_modules/(@nestjs|typeorm|pg|@nats-io|@kubernetes|undici)(/|$)' },
    },
    {
      name: 'what a browser runs knows nothing of Node',
      severity: 'error',
      from: {
        path: '^(apps/web/src|libs/shared/(client|contracts)/src|libs/shared/(foundation|model)/src/(?!node/|testing/))',
        pathNot: spec,
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'what is imported exists',
      severity: 'error',
      from: { pathNot: '^apps/web/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|dist-mock|node_modules)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['source', 'import', 'node', 'default'] },
    tsConfig: { fileName: 'tools/tsconfig.base.json' },
    skipAnalysisNotInRules: true,
  },
};
