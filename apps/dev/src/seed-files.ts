import { environments } from './fleet-plan.ts';

/** The services of the shop that the demo runs. */
export const applications = ['checkout', 'catalog', 'accounts'] as const;

/** The one that goes through every stage; the others are pushed everywhere at once. */
export const stagedApplication = 'checkout';

/** Where the demo's documents stand in the repository: its configuration path. */
export const configurationPath = 'fleet';

/** Everything in the seed repository: the documents that say what runs where, and the manifests of each service. */
export function seedFiles(): Record<string, string> {
  const files: Record<string, string> = {
    'README.md': readme,
    [`${configurationPath}/environments.yaml`]: environmentDocuments,
    [`${configurationPath}/pipelines.yaml`]: pipelineDocuments,
  };
  for (const application of applications) {
    files[`${configurationPath}/${application}.yaml`] = applicationDocument(application);
    for (const environment of environments) {
      const folder = `services/${application}/${environment}`;
      files[`${folder}/deployment.yaml`] = deployment(application, environment === 'production' ? 3 : 1);
      files[`${folder}/service.yaml`] = service(application);
      files[`${folder}/settings.yaml`] = settings(application, environment);
    }
  }
  return files;
}

const readme = `# The shop

\`fleet/\` says what runs where; \`services/NAME/ENVIRONMENT/\` holds the manifests. What is pushed to \`main\` runs: of
\`checkout\` in dev at once, in staging by itself, and in production, wave by wave, when somebody promotes it.
`;

const environmentDocuments = `apiVersion: fleet.flotilla.dev/v1alpha1
kind: Environment
metadata: {name: dev}
spec:
  clusters: {matchLabels: {dev: "true"}}
---
apiVersion: fleet.flotilla.dev/v1alpha1
kind: Environment
metadata: {name: staging}
spec:
  clusters: {matchLabels: {staging: "true"}}
---
apiVersion: fleet.flotilla.dev/v1alpha1
kind: Environment
metadata: {name: production}
spec:
  clusters: {matchLabels: {production: "true"}}
  rollout:
    waves:
      - {name: canary, match: {matchLabels: {canary: "true"}}, minSuccessTime: 1s}
      - {name: third, take: 33%, minSuccessTime: 1s}
      - {name: rest, minSuccessTime: 1s}
    maxFailures: 0
    progressDeadline: 1m
`;

const pipelineOf = (application: string) => (application === stagedApplication ? 'staged' : 'direct');

const pipelineDocuments = `apiVersion: fleet.flotilla.dev/v1alpha1
kind: Pipeline
metadata: {name: staged}
spec:
  stages:
    - {environment: dev, track: {repository: shop, branch: main}}
    - {environment: staging, after: [dev], promote: auto, gates: [{soak: 2s}]}
    - {environment: production, after: [staging], promote: manual, gates: [{soak: 2s}]}
---
apiVersion: fleet.flotilla.dev/v1alpha1
kind: Pipeline
metadata: {name: direct}
spec:
  stages:
${environments.map((environment) => `    - {environment: ${environment}, track: {repository: shop, branch: main}}\n`).join('')}`;

const applicationDocument = (name: string) => `apiVersion: fleet.flotilla.dev/v1alpha1
kind: Application
metadata: {name: ${name}, labels: {team: shop}}
spec:
  pipeline: ${pipelineOf(name)}
  source: {repository: shop, path: "services/${name}/\${environment.name}"}
  namespace: "${name}-\${environment.name}"
`;

export const deployment = (name: string, replicas: number, tag = '1.0.0') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {app: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: app
          image: shop/${name}:${tag}
          ports: [{name: http, containerPort: 8080}]
          envFrom: [{configMapRef: {name: ${name}}}]
`;

const service = (name: string) => `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: ${name}}
  ports: [{name: http, port: 80, targetPort: http}]
`;

export const settings = (name: string, environment: string, greeting = 'welcome') => `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}}
data:
  ENVIRONMENT: ${environment}
  GREETING: ${greeting}
`;
