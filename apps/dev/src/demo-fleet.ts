import { operations, type TargetView } from '@flotilla/contracts';
import { systemClock, systemRandom } from '@flotilla/foundation';
import { defaultProject } from '@flotilla/model';
import { connectKubeconfig, connectUrl, createKubeClient, type KubeClient } from '@flotilla/platform-kube';
import { until } from '@flotilla/testing';
import type { DemoCluster, House } from './house.ts';
import { environments } from './fleet-plan.ts';
import { demoRepository } from './parts/git.ts';
import { applications, stagedApplication } from './seed-files.ts';

const params = { project: defaultProject };

/** The running fleet as check and story see and change it: through the doors that people use. */
export class DemoFleet {
  readonly house: House;

  constructor(house: House) {
    this.house = house;
  }

  async targets(): Promise<TargetView[]> {
    const targets: TargetView[] = [];
    for await (const target of this.house.client.list(operations.listTargets, { params })) targets.push(target);
    return targets;
  }

  /** Waits until every target meets the condition; says which do not when they do not come round. */
  async every(what: string, condition: (target: TargetView) => boolean, timeoutMs = 60_000): Promise<TargetView[]> {
    let late: TargetView[] = [];
    try {
      return await until(
        async () => {
          const targets = await this.targets();
          late = targets.filter((target) => !condition(target));
          return targets.length === this.#targetsInAll() && late.length === 0 && targets;
        },
        { what, timeoutMs, intervalMs: 100 },
      );
    } catch (error) {
      const told = late.slice(0, 3).map(describe).join('; ') || 'not all of them are there yet';
      throw new Error(`${what}: ${late.length} targets are late: ${told}`, { cause: error });
    }
  }

  /** Every application in each environment of each cluster; those of a later stage come with their first release. */
  #targetsInAll(): number {
    const served = this.house.clusters.flatMap(({ plan }) => environments.filter((name) => plan.labels[name]));
    return served.length * applications.length;
  }

  /** Waits until one target meets the condition. */
  async one(name: string, condition: (target: TargetView) => boolean, timeoutMs = 60_000): Promise<TargetView> {
    let last: TargetView | undefined;
    return until(
      async () => {
        last = (await this.targets()).find((target) => target.metadata.name === name);
        return last && condition(last) && last;
      },
      { what: `${name} as expected`, timeoutMs, intervalMs: 100 },
    ).catch((error: unknown) => {
      throw new Error(`${name} did not get there: ${last ? describe(last) : 'there is no such target'}`, {
        cause: error,
      });
    });
  }

  /** Changes files of the demo's repository in one commit; `undefined` removes a file. */
  commit(changes: Record<string, string | undefined>, message: string): Promise<string> {
    return this.house.git.commit(demoRepository, changes, { message });
  }

  /** Says that a commit may enter production; it is heard as soon as the commit was seen. */
  async promote(commit: string): Promise<void> {
    const body = { application: stagedApplication, environment: 'production', release: commit, reason: 'the check' };
    await until(() => this.house.client.call(operations.promote, { params, body }), { what: 'the promotion' });
  }

  cluster(name: string): DemoCluster {
    const found = this.house.clusters.find(({ plan }) => plan.name === name);
    if (!found) throw new Error(`there is no cluster ${name}`);
    return found;
  }

  /** A client of the cluster's own API server: what a person with kubectl has. */
  async kube({ access }: DemoCluster): Promise<KubeClient> {
    const { KUBE_URL: url, KUBE_TOKEN: token, KUBECONFIG: file, KUBE_CONTEXT: context } = access;
    const transport = url
      ? connectUrl({ url, ...(token && { token }) })
      : await connectKubeconfig({ file: file!, ...(context && { context }) });
    return createKubeClient({ transport, clock: systemClock, random: systemRandom });
  }
}

function describe({ metadata, spec, status }: TargetView): string {
  const { sync, health, reason, revision } = status;
  const why = reason ? ` (${reason.code}: ${reason.message})` : '';
  return `${metadata.name} runs ${revision?.slice(0, 8) ?? 'nothing'} of ${spec.revision.slice(0, 8)}, ${sync}, ${health}${why}`;
}
