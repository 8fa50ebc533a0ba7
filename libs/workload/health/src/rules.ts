import type { HealthRule } from './health.ts';
import { apiServiceHealth } from './kinds/api-service.ts';
import { cronJobHealth } from './kinds/cron-job.ts';
import { customResourceDefinitionHealth } from './kinds/custom-resource-definition.ts';
import { daemonSetHealth } from './kinds/daemon-set.ts';
import { deploymentHealth } from './kinds/deployment.ts';
import { horizontalPodAutoscalerHealth } from './kinds/horizontal-pod-autoscaler.ts';
import { ingressHealth } from './kinds/ingress.ts';
import { jobHealth } from './kinds/job.ts';
import { namespaceHealth } from './kinds/namespace.ts';
import { persistentVolumeClaimHealth } from './kinds/persistent-volume-claim.ts';
import { persistentVolumeHealth } from './kinds/persistent-volume.ts';
import { podDisruptionBudgetHealth } from './kinds/pod-disruption-budget.ts';
import { podHealth } from './kinds/pod.ts';
import { presentHealth } from './kinds/present.ts';
import { replicaSetHealth } from './kinds/replica-set.ts';
import { serviceHealth } from './kinds/service.ts';
import { statefulSetHealth } from './kinds/stateful-set.ts';

/**
 * The kinds that have rules of their own, as `group/Kind`. A new kind is one file and one line here; every other kind
 * is judged by the conditions and words in common use.
 */
export const rules: Readonly<Record<string, HealthRule>> = {
  '/ConfigMap': presentHealth,
  '/Namespace': namespaceHealth,
  '/PersistentVolume': persistentVolumeHealth,
  '/PersistentVolumeClaim': persistentVolumeClaimHealth,
  '/Pod': podHealth,
  '/ReplicationController': replicaSetHealth,
  '/Secret': presentHealth,
  '/Service': serviceHealth,
  '/ServiceAccount': presentHealth,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinitionHealth,
  'apiregistration.k8s.io/APIService': apiServiceHealth,
  'apps/DaemonSet': daemonSetHealth,
  'apps/Deployment': deploymentHealth,
  'apps/ReplicaSet': replicaSetHealth,
  'apps/StatefulSet': statefulSetHealth,
  'autoscaling/HorizontalPodAutoscaler': horizontalPodAutoscalerHealth,
  'batch/CronJob': cronJobHealth,
  'batch/Job': jobHealth,
  'extensions/DaemonSet': daemonSetHealth,
  'extensions/Deployment': deploymentHealth,
  'extensions/Ingress': ingressHealth,
  'extensions/ReplicaSet': replicaSetHealth,
  'networking.k8s.io/Ingress': ingressHealth,
  'policy/PodDisruptionBudget': podDisruptionBudgetHealth,
};
