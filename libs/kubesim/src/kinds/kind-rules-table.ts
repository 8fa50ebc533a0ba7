import { definitionRules } from '../custom/definition-rules.ts';
import { configMapRules, secretRules } from './core/data-rules.ts';
import { eventRules } from './core/event-rules.ts';
import { namespaceRules } from './core/namespace-rules.ts';
import { serviceRules } from './core/service-rules.ts';
import { volumeClaimRules, volumeRules } from './core/volume-rules.ts';
import type { KindRules } from './kind-rules.ts';
import { podRules } from './pods/pod-rules.ts';
import {
  autoscalerRules,
  controllerRevisionRules,
  disruptionBudgetRules,
  generationOf,
  ingressRules,
  leaseRules,
  networkPolicyRules,
  nodeRules,
  priorityClassRules,
  quotaRules,
  storageClassRules,
} from './policy/policy-rules.ts';
import { clusterRoleBindingRules, clusterRoleRules, roleBindingRules, roleRules } from './policy/role-rules.ts';
import { deploymentRules } from './workloads/deployment-rules.ts';
import { cronJobRules, jobRules } from './workloads/job-rules.ts';
import { daemonSetRules, replicaSetRules, statefulSetRules } from './workloads/set-rules.ts';

const endpointsWarning = 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice';

/** The rules of the built-in kinds, by the name of their type. A kind that is not here is stored as it comes. */
export const kindRules: Readonly<Record<string, KindRules | undefined>> = {
  'core.v1.ConfigMap': configMapRules,
  'core.v1.Endpoints': { createsOnUpdate: true, warnOnCreate: () => [endpointsWarning] },
  'core.v1.Event': eventRules,
  'core.v1.LimitRange': { createsOnUpdate: true },
  'core.v1.Namespace': namespaceRules,
  'core.v1.Node': nodeRules,
  'core.v1.PersistentVolume': volumeRules,
  'core.v1.PersistentVolumeClaim': volumeClaimRules,
  'core.v1.Pod': podRules,
  'core.v1.ResourceQuota': quotaRules,
  'core.v1.Secret': secretRules,
  'core.v1.ServiceAccount': { answersWithDeleted: true },
  'core.v1.Service': serviceRules,
  'apps.v1.ControllerRevision': controllerRevisionRules,
  'apps.v1.DaemonSet': daemonSetRules,
  'apps.v1.Deployment': deploymentRules,
  'apps.v1.ReplicaSet': replicaSetRules,
  'apps.v1.StatefulSet': statefulSetRules,
  'autoscaling.v2.HorizontalPodAutoscaler': autoscalerRules,
  'batch.v1.CronJob': cronJobRules,
  'batch.v1.Job': jobRules,
  'networking.v1.Ingress': ingressRules,
  'networking.v1.IngressClass': generationOf('spec'),
  'networking.v1.NetworkPolicy': networkPolicyRules,
  'policy.v1.PodDisruptionBudget': disruptionBudgetRules,
  'rbac.v1.ClusterRole': clusterRoleRules,
  'rbac.v1.ClusterRoleBinding': clusterRoleBindingRules,
  'rbac.v1.Role': roleRules,
  'rbac.v1.RoleBinding': roleBindingRules,
  'storage.v1.StorageClass': storageClassRules,
  'scheduling.v1.PriorityClass': priorityClassRules,
  'coordination.v1.Lease': leaseRules,
  'apiextensions.v1.CustomResourceDefinition': definitionRules,
};
