import type { RendererName } from '@flotilla/model';
import type { RenderJob } from '@flotilla/workload-render';

/** One application for a renderer, and the words with which its program makes the same of it by itself. */
export interface RenderSample {
  readonly job: RenderJob;
  readonly words: readonly string[];
}

const deployment = (name: string, image: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: web
          image: ${image}
          ports: [{containerPort: 8080}]
          envFrom: [{configMapRef: {name: ${name}}}]
`;
const others = (name: string) => ({
  'service.yaml': `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n  selector: {app: ${name}}\n  ports: [{port: 80, targetPort: 8080}]\n`,
  'config.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {greeting: hello}\n`,
  'account.yaml': `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}}\n`,
});

const objects = { 'deployment.yaml': deployment('shop', 'images.example.org/shop:1.0.0'), ...others('shop') };
const release = '{{ .Release.Name }}';
const templates = { 'deployment.yaml': deployment(release, '{{ .Values.image }}'), ...others(release) };

/** The same four objects for each renderer. */
export const renderSamples: Readonly<Record<RendererName, RenderSample>> = {
  plain: { job: job('app', within('app', objects)), words: [] },
  kustomize: {
    job: job('overlay', {
      ...within('base', objects),
      'base/kustomization.yaml': `resources: [${Object.keys(objects).join(', ')}]\n`,
      'overlay/kustomization.yaml':
        'resources: [../base]\nnamePrefix: eu-\nimages: [{name: images.example.org/shop, newTag: 1.1.0}]\n',
    }),
    words: ['build', 'overlay'],
  },
  helm: {
    job: job('chart', {
      ...within('chart/templates', templates),
      'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'chart/values.yaml': 'image: images.example.org/shop:1.0.0\n',
    }),
    words: ['template', 'shop', './chart', '--namespace=shop', '--include-crds'],
  },
};

function job(path: string, texts: Readonly<Record<string, string>>): RenderJob {
  const files = Object.entries(texts).map(([name, text]) => ({ path: name, content: new TextEncoder().encode(text) }));
  return { files, path, application: 'shop', namespace: 'shop' };
}

function within(folder: string, texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${folder}/${name}`, text]));
}
