import { backoffMs, Fault, KeyedQueue, type Clock, type Random, type Running } from '@flotilla/foundation';
import type { ObservedChange } from '../engine/cluster.ts';
import type { KubeSim } from '../kube-sim.ts';
import { apiTime } from '../objects/metadata.ts';
import { ingressController, loadBalancerController } from './addresses/address-controllers.ts';
import { ClusterClient } from './cluster-client.ts';
import { GarbageCollector } from './collector/garbage-collector.ts';
import type { Controller } from './controller.ts';
import { daemonSetController } from './daemon-sets/daemon-set-controller.ts';
import { deploymentController } from './deployments/deployment-controller.ts';
import { jobController } from './jobs/job-controller.ts';
import { namespaceDefaultsController } from './namespaces/namespace-defaults.ts';
import { namespaceFinalizer } from './namespaces/namespace-finalizer.ts';
import { Kubelet } from './pods/kubelet.ts';
import { ensureNodes } from './pods/nodes.ts';
import { scheduler } from './pods/scheduler.ts';
import { replicaSetController } from './replica-sets/replica-set-controller.ts';
import { autoscalerController } from './scaling/autoscaler-controller.ts';
import { disruptionBudgetController } from './scaling/disruption-budget-controller.ts';
import { statefulSetController } from './stateful-sets/stateful-set-controller.ts';
import { volumeClaimController, volumeController } from './volumes/volume-controller.ts';

export interface ControllerOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** How long a container takes to start, and to stop. */
  readonly readyAfterMs?: number;
  /** How long a pod works that is to end by itself. */
  readonly workMs?: number;
  /** Told of what went wrong and is no refusal of the API server; it is tried again like everything else. */
  readonly onSurprise?: (error: unknown) => void;
}

/**
 * Brings a simulated cluster to life: two nodes, and the controllers that a real cluster has for workloads, volumes,
 * addresses, namespaces and garbage. They act on changes and have nothing to do when nothing changes.
 */
export function startControllers(sim: KubeSim, options: ControllerOptions): Running {
  const { clock, random, onSurprise } = options;
  const controllers = new Map(allControllers(sim, options).map((controller) => [controller.name, controller]));
  const attempts = new Map<string, number>();
  const queue = new KeyedQueue({
    clock,
    // One after another, so that a seed repeats a run.
    runningMax: 1,
    handle: async (queued) => {
      const [name, key] = split(queued);
      const afterMs = await (controllers.get(name)?.reconcile(key) ?? makeNodes(sim, clock));
      attempts.delete(queued);
      return afterMs;
    },
    onError: (queued, error) => {
      if (!(error instanceof Fault)) onSurprise?.(error);
      const attempt = (attempts.get(queued) ?? 0) + 1;
      attempts.set(queued, attempt);
      return backoffMs(attempt, { baseMs: 10, maxMs: 30_000 }, random);
    },
  });
  const look = (change: ObservedChange) => {
    for (const [name, controller] of controllers) {
      for (const key of controller.affectedBy(change)) queue.add(`${name}|${key}`);
    }
  };
  const ignore = sim.view.observe(look);
  queue.add('nodes|');
  for (const change of everythingIn(sim)) look(change);
  return {
    stop: () => {
      ignore();
      return queue.stop();
    },
  };
}

function allControllers(sim: KubeSim, options: ControllerOptions): readonly Controller[] {
  const { clock, random, readyAfterMs = 300, workMs = 300 } = options;
  const manager = new ClusterClient({ sim, program: 'kube-controller-manager' });
  const kubelet = new ClusterClient({ sim, program: 'kubelet' });
  return [
    namespaceDefaultsController(manager),
    namespaceFinalizer(manager, clock),
    new GarbageCollector(manager),
    deploymentController(manager, clock),
    replicaSetController(manager, clock),
    statefulSetController(manager, clock),
    daemonSetController(manager, clock),
    jobController(manager, clock),
    volumeClaimController(manager),
    volumeController(manager),
    loadBalancerController(manager),
    ingressController(manager),
    autoscalerController(manager, clock, random),
    disruptionBudgetController(manager, clock),
    scheduler(new ClusterClient({ sim, program: 'kube-scheduler' }), clock),
    new Kubelet({ client: kubelet, clock, readyAfterMs, workMs }),
  ];
}

async function makeNodes(sim: KubeSim, clock: Clock): Promise<undefined> {
  await ensureNodes(new ClusterClient({ sim, program: 'kubelet' }), apiTime(clock.now()));
}

/** What is there already, as if it had just come. */
function everythingIn({ view }: KubeSim): readonly ObservedChange[] {
  return view.resources().flatMap((resource) =>
    view.list(resource).map((object): ObservedChange => {
      const { namespace, name } = object['metadata'] as { namespace?: string; name: string };
      const key = namespace === undefined ? name : `${namespace}/${name}`;
      return { type: 'ADDED', resource, key, revision: 0, object, previous: undefined };
    }),
  );
}

function split(queued: string): [string, string] {
  const at = queued.indexOf('|');
  return [queued.slice(0, at), queued.slice(at + 1)];
}
