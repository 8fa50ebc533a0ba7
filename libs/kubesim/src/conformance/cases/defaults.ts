import { cases } from '../conformance-case.ts';
import { same } from '../expectations.ts';
import { deployment, type Answer } from '../scene.ts';

const container = { name: 'main', image: 'nginx:1' };

const podDefaults = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
};

const containerDefaults = {
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
};

const workload = (name: string) => ({
  selector: { matchLabels: { app: name } },
  template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
});

function firstContainer({ body }: Answer): Record<string, unknown> {
  return (body.spec.template ?? body).spec.containers[0];
}

/** What the API server fills in: clients that compare have to know. */
export const defaultCases = cases('defaults', {
  'of a deployment': async (scene) => {
    const answer = await scene.create('deployments', deployment('a'));
    const { template, selector, ...spec } = answer.body.spec;
    same(spec, {
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    });
    same(selector, { matchLabels: { app: 'a' } });
    same(template.metadata, { labels: { app: 'a' } });
    same(template.spec, { containers: [{ ...container, ...containerDefaults }], ...podDefaults });
  },

  'of a deployment that recreates its pods': async (scene) => {
    const answer = await scene.create('deployments', deployment('a', { strategy: { type: 'Recreate' } }));
    same(answer.body.spec.strategy, { type: 'Recreate' });
  },

  'of an image by its tag': async (scene) => {
    const policy = async (name: string, image: string) =>
      firstContainer(await scene.create('deployments', deployment(name, {}, { image })))['imagePullPolicy'];
    same(await policy('a', 'nginx'), 'Always');
    same(await policy('b', 'nginx:latest'), 'Always');
    same(await policy('c', 'nginx:1'), 'IfNotPresent');
    same(await policy('d', `nginx@sha256:${'0'.repeat(64)}`), 'IfNotPresent');
  },

  'of ports and probes': async (scene) => {
    const probes = {
      ports: [{ containerPort: 80 }],
      readinessProbe: { httpGet: { port: 80 } },
      livenessProbe: { tcpSocket: { port: 80 }, periodSeconds: 5 },
    };
    const main = firstContainer(await scene.create('deployments', deployment('a', {}, probes)));
    same(main['ports'], [{ containerPort: 80, protocol: 'TCP' }]);
    const times = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
    same(main['readinessProbe'], { httpGet: { path: '/', port: 80, scheme: 'HTTP' }, ...times });
    same(main['livenessProbe'], { tcpSocket: { port: 80 }, ...times, periodSeconds: 5 });
  },

  'of amounts, which are written in one way': async (scene) => {
    const resources = { requests: { cpu: '0.5', memory: '1024Mi' }, limits: { cpu: '2000m', memory: '1.5Gi' } };
    const main = firstContainer(await scene.create('deployments', deployment('a', {}, { resources })));
    same(main['resources'], { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '2', memory: '1536Mi' } });
  },

  'of requests from limits, in pods': async (scene) => {
    const resources = { limits: { cpu: '1', memory: '1Gi' } };
    const pod = { metadata: { name: 'a' }, spec: { containers: [{ ...container, resources }] } };
    const { body } = await scene.create('pods', pod);
    same(body.spec.containers[0].resources, { ...resources, requests: resources.limits });
    same(body.status.qosClass, 'Guaranteed');
  },

  'of a pod': async (scene) => {
    const { body } = await scene.create('pods', { metadata: { name: 'a' }, spec: { containers: [container] } });
    const { containers, tolerations, ...spec } = body.spec;
    same(spec, { ...podDefaults, enableServiceLinks: true, preemptionPolicy: 'PreemptLowerPriority', priority: 0 });
    same(containers, [{ ...container, ...containerDefaults }]);
    same(
      (tolerations as { key: string }[]).map(({ key }) => key),
      ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'],
    );
    same(body.status, { phase: 'Pending', qosClass: 'BestEffort' });
  },

  'of volumes': async (scene) => {
    const volumes = [
      { name: 'a', configMap: { name: 'x' } },
      { name: 'b', secret: { secretName: 'x' } },
      { name: 'c', emptyDir: {} },
    ];
    const { body } = await scene.create('pods', {
      metadata: { name: 'a' },
      spec: { containers: [container], volumes },
    });
    same(body.spec.volumes, [
      { name: 'a', configMap: { name: 'x', defaultMode: 420 } },
      { name: 'b', secret: { secretName: 'x', defaultMode: 420 } },
      { name: 'c', emptyDir: {} },
    ]);
  },

  'of a stateful set': async (scene) => {
    const { body } = await scene.create('statefulsets', {
      metadata: { name: 'a' },
      spec: { ...workload('a'), serviceName: 'a' },
    });
    const { template: _, selector: __, ...spec } = body.spec;
    same(spec, {
      replicas: 1,
      serviceName: 'a',
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
    same(body.status, { replicas: 0, availableReplicas: 0 });
  },

  'of a daemon set': async (scene) => {
    const { body } = await scene.create('daemonsets', { metadata: { name: 'a' }, spec: workload('a') });
    const { template: _, selector: __, ...spec } = body.spec;
    same(spec, {
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
    });
    same(body.metadata.annotations, { 'deprecated.daemonset.template.generation': '1' });
  },

  'of a job, with the selector that it makes itself': async (scene) => {
    const template = { spec: { restartPolicy: 'Never', containers: [container] } };
    const { body } = await scene.create('jobs', { metadata: { name: 'a' }, spec: { template } });
    const { template: made, selector, ...spec } = body.spec;
    same(spec, {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: 'TerminatingOrFailed',
      manualSelector: false,
    });
    const { uid } = body.metadata;
    same(selector, { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } });
    same(made.metadata.labels, {
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': 'a',
      'controller-uid': uid,
      'job-name': 'a',
    });
  },

  'of a cron job': async (scene) => {
    const template = { spec: { restartPolicy: 'Never', containers: [container] } };
    const spec = { schedule: '* * * * *', jobTemplate: { spec: { template } } };
    const { body } = await scene.create('cronjobs', { metadata: { name: 'a' }, spec });
    const { jobTemplate: _, schedule: __, ...rest } = body.spec;
    same(rest, {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
  },

  'of a service, which gets an address': async (scene) => {
    const spec = { selector: { app: 'a' }, ports: [{ port: 80 }] };
    const { body } = await scene.create('services', { metadata: { name: 'a' }, spec });
    const { clusterIP, clusterIPs, ...rest } = body.spec;
    same(rest, {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    });
    same([/^10\.0\.\d+\.\d+$/.test(clusterIP), clusterIPs], [true, [clusterIP]]);
  },

  'of a headless service': async (scene) => {
    const spec = { clusterIP: 'None', ports: [{ port: 80 }] };
    const { body } = await scene.create('services', { metadata: { name: 'a' }, spec });
    same([body.spec.clusterIP, body.spec.clusterIPs], ['None', ['None']]);
  },

  'of a service with ports on the nodes': async (scene) => {
    const { body } = await scene.create('services', {
      metadata: { name: 'a' },
      spec: { type: 'NodePort', ports: [{ port: 80 }] },
    });
    const [{ nodePort }] = body.spec.ports;
    same(nodePort >= 30_000 && nodePort < 32_768, true);
    same(body.spec.externalTrafficPolicy, 'Cluster');
  },

  'of a secret, whose texts are encoded': async (scene) => {
    const { body } = await scene.create('secrets', { metadata: { name: 'a' }, stringData: { x: 'secret' } });
    same([body.type, body.data, body.stringData], ['Opaque', { x: 'c2VjcmV0' }, undefined]);
  },

  'of an autoscaler': async (scene) => {
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' };
    const spec = { scaleTargetRef, maxReplicas: 3 };
    const { body } = await scene.create('horizontalpodautoscalers', { metadata: { name: 'a' }, spec });
    const utilization = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } };
    same(body.spec, { ...spec, minReplicas: 1, metrics: [{ type: 'Resource', resource: utilization }] });
  },

  'of roles and their bindings': async (scene) => {
    const binding = {
      metadata: { name: 'a' },
      subjects: [
        { kind: 'User', name: 'jane' },
        { kind: 'ServiceAccount', name: 'x', namespace: 'y' },
      ],
      roleRef: { kind: 'Role', name: 'a', apiGroup: 'rbac.authorization.k8s.io' },
    };
    const { body } = await scene.create('rolebindings', binding);
    same(body.subjects, [
      { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' },
      { kind: 'ServiceAccount', name: 'x', namespace: 'y' },
    ]);
  },

  'are left alone where a value is given': async (scene) => {
    const { body } = await scene.create('deployments', deployment('a', { replicas: 0, revisionHistoryLimit: 0 }));
    same([body.spec.replicas, body.spec.revisionHistoryLimit], [0, 0]);
  },
});
