import { operations, type TargetView } from '@flotilla/contracts';
import { systemClock } from '@flotilla/foundation';
import { defaultProject, type KubeObject, type ObjectKey } from '@flotilla/model';
import { until } from '@flotilla/testing';
import { environments } from '../fleet-plan.ts';
import { deployment, settings } from '../seed-files.ts';
import type { DemoFleet } from '../demo-fleet.ts';

/** One step of the walk down the road. It fails by throwing what did not happen. */
export interface CheckStep {
  readonly what: string;
  run(fleet: DemoFleet): Promise<void>;
}

const params = { project: defaultProject };
const editor = 'kubectl-edit';

const isWell = ({ status }: TargetView) => status.sync === 'Synced' && status.health === 'Healthy';
const runs = (commit: string) => (target: TargetView) => isWell(target) && target.status.revision === commit;

const path = (environment: string, file: string) => `services/checkout/${environment}/${file}`;
const isCheckout = ({ spec }: TargetView) => spec.application === 'checkout';

/** The steps in the order of the road; each leaves the fleet well. */
export const checkSteps: readonly CheckStep[] = [
  {
    what: 'all targets are Synced and Healthy',
    run: async (fleet) => void (await fleet.every('the first arrival', isWell, 120_000)),
  },
  {
    what: 'a pushed change goes from dev over staging to production, and arrives everywhere',
    run: async (fleet) => {
      const changes = environments.map((environment) => [
        path(environment, 'settings.yaml'),
        settings('checkout', environment, `hello-${systemClock.now()}`),
      ]);
      const commit = await fleet.commit(Object.fromEntries(changes), 'another greeting');
      await fleet.promote(commit);
      await fleet.every('the change', (target) => !isCheckout(target) || runs(commit)(target));
    },
  },
  {
    what: 'a file that is removed in Git is pruned',
    run: async (fleet) => {
      const [target] = (await fleet.targets()).filter(isCheckout);
      const { environment, namespace } = target!.spec;
      const name = 'passing';
      const file = path(environment, `${name}.yaml`);
      const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n`;
      const added = await fleet.commit({ [file]: manifest }, 'something passing');
      await fleet.one(target!.metadata.name, runs(added));
      const key = { group: '', kind: 'ConfigMap', namespace, name };
      await expectThere(fleet, target!, key);
      const removed = await fleet.commit({ [file]: undefined }, 'it passed');
      await fleet.one(target!.metadata.name, runs(removed));
      const kube = await fleet.kube(fleet.cluster(target!.spec.cluster));
      await until(async () => !(await kube.get(key)), { what: 'the removed object to be gone' });
    },
  },
  {
    what: "a broken image is Degraded, with the container's own reason",
    run: async (fleet) => {
      const [target] = (await fleet.targets()).filter(isCheckout);
      const { environment } = target!.spec;
      await fleet.commit(
        { [path(environment, 'deployment.yaml')]: deployment('checkout', 1, 'broken') },
        'a bad image',
      );
      const broken = await fleet.one(target!.metadata.name, ({ status }) => status.health === 'Degraded');
      const told = `${broken.status.reason?.code} ${broken.status.reason?.message}`;
      if (!/ImagePullBackOff|ErrImagePull/.test(told))
        throw new Error(`the reason does not name the container's trouble: ${told}`);
    },
  },
  {
    what: 'the fix is Healthy',
    run: async (fleet) => {
      const changes = environments.map((environment) => [
        path(environment, 'deployment.yaml'),
        deployment('checkout', environment === 'production' ? 3 : 1, '1.0.1'),
      ]);
      const [target] = (await fleet.targets()).filter(isCheckout);
      const commit = await fleet.commit(Object.fromEntries(changes), 'a good image');
      // On a fleet that was checked before, the other environments have this image already: no change, no rollout.
      await fleet.one(target!.metadata.name, runs(commit));
      await fleet.every('the fix', isWell);
    },
  },
  {
    what: 'an agent that is killed comes back and goes on',
    run: async (fleet) => {
      const [target] = (await fleet.targets()).filter(isCheckout);
      const { agent } = fleet.cluster(target!.spec.cluster);
      const { pid } = agent.child;
      agent.child.kill('SIGKILL');
      await until(() => agent.child.alive && agent.child.pid !== pid, { what: 'another agent process' });
      const greeting = settings('checkout', target!.spec.environment, `back-${systemClock.now()}`);
      const commit = await fleet.commit(
        { [path(target!.spec.environment, 'settings.yaml')]: greeting },
        'after the kill',
      );
      await fleet.one(target!.metadata.name, runs(commit));
    },
  },
  {
    what: 'an object that is edited by hand is taken back',
    run: async (fleet) => {
      const [target] = (await fleet.targets()).filter(isCheckout);
      const kube = await fleet.kube(fleet.cluster(target!.spec.cluster));
      const key = checkoutDeployment(target!);
      const before = imageOf(await kube.get(key));
      await kube.mergePatch(key, imagePatch('shop/checkout:by-hand'), { manager: editor });
      await until(async () => imageOf(await kube.get(key)) === before, { what: 'the image of Git', timeoutMs: 10_000 });
      const story = await fleet.house.client.call(operations.getTarget, {
        params: { ...params, uid: target!.metadata.uid },
      });
      await fleet.one(target!.metadata.name, isWell);
      if (!story.drift.some(({ manager }) => manager === editor)) {
        await until(async () => namesEditor(fleet, target!), {
          what: `the story to name ${editor}`,
          timeoutMs: 10_000,
        });
      }
    },
  },
  {
    what: 'a suspended one is left alone',
    run: async (fleet) => {
      const [target] = (await fleet.targets()).filter(isCheckout);
      const { application, environment, cluster } = target!.spec;
      const kube = await fleet.kube(fleet.cluster(cluster));
      const key = checkoutDeployment(target!);
      const before = imageOf(await kube.get(key));
      const choice = { application, environment, cluster };
      await fleet.house.client.call(operations.suspendTargets, { params, body: { choice, reason: 'the check' } });
      await fleet.one(target!.metadata.name, ({ status }) => status.reason?.code === 'Suspended');
      await kube.mergePatch(key, imagePatch('shop/checkout:left-alone'), { manager: editor });
      const changed = await fleet.one(target!.metadata.name, ({ status }) => status.sync === 'OutOfSync');
      if (changed.status.reason?.code !== 'Suspended')
        throw new Error(`it is not said to be suspended: ${changed.status.reason?.code}`);
      if (imageOf(await kube.get(key)) !== 'shop/checkout:left-alone')
        throw new Error('a suspended object was written');
      await fleet.house.client.call(operations.resumeTargets, { params, body: choice });
      await until(async () => imageOf(await kube.get(key)) === before, { what: 'the image of Git after resuming' });
      await fleet.every('the end', isWell);
    },
  },
];

async function namesEditor(fleet: DemoFleet, target: TargetView): Promise<boolean> {
  const story = await fleet.house.client.call(operations.getTarget, {
    params: { ...params, uid: target.metadata.uid },
  });
  return story.drift.some(({ manager }) => manager === editor);
}

async function expectThere(fleet: DemoFleet, target: TargetView, key: ObjectKey): Promise<void> {
  const kube = await fleet.kube(fleet.cluster(target.spec.cluster));
  if (!(await kube.get(key))) throw new Error(`${key.kind} ${key.name} was not made`);
}

function checkoutDeployment(target: TargetView): ObjectKey {
  return { group: 'apps', kind: 'Deployment', namespace: target.spec.namespace, name: 'checkout' };
}

interface PodTemplate {
  readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
}

function imageOf(object: KubeObject | undefined): string | undefined {
  return (object?.spec as PodTemplate | undefined)?.template.spec.containers[0]?.image;
}

/** What an editor sends: the whole list of containers, because a merge patch knows no other way. */
function imagePatch(image: string): Record<string, unknown> {
  const containers = [
    {
      name: 'app',
      image,
      ports: [{ name: 'http', containerPort: 8080 }],
      envFrom: [{ configMapRef: { name: 'checkout' } }],
    },
  ];
  return { spec: { template: { spec: { containers } } } };
}
