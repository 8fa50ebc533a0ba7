import type { FlotillaClient } from '@flotilla/client';
import type { TargetView } from '@flotilla/contracts';
import { DemoFleet } from '../demo-fleet.ts';
import type { House } from '../house.ts';
import { stagedApplication } from '../seed-files.ts';
import { remark } from './narrate.ts';
import type { StoryShell } from './story-shell.ts';
import { awaitRelease } from './what-happened.ts';

export const application = stagedApplication;

/** What the acts play on: the running fleet, a shell in a clone of its repository, and what happened so far. */
export class StoryScene {
  readonly fleet: DemoFleet;
  readonly shell: StoryShell;
  readonly signal: AbortSignal;
  /** The release that was good last, and the one that was not. */
  good = '';
  bad = '';
  /** When the first act began. */
  begunAt = '';
  /** A moment at which the bad one ran everywhere. */
  badAt = '';
  /** The order to go back. */
  rollback = '';

  constructor(house: House, shell: StoryShell, signal: AbortSignal) {
    this.fleet = new DemoFleet(house);
    this.shell = shell;
    this.signal = signal;
  }

  get client(): FlotillaClient {
    return this.fleet.house.client;
  }

  remark(text: string): Promise<void> {
    return remark(text, this.signal);
  }

  /** Names another image in these environments, commits and pushes; gives the commit. */
  async push(tag: string, { message, environment = '*' }: { message: string; environment?: string }): Promise<string> {
    const files = `services/${application}/${environment}/deployment.yaml`;
    await this.shell.type(`sed -i 's|shop/${application}:.*|shop/${application}:${tag}|' ${files}`);
    await this.shell.type(`git commit -qam '${message}' && git push -q`);
    return this.shell.ask('git rev-parse HEAD');
  }

  /** Waits with a person's own command until a commit's rollout has come to a state. */
  async awaitRollout(commit: string, environment: string, state: 'Running' | 'Finished' | 'Halted'): Promise<void> {
    const name = `${application}-${environment}-${short(commit)}`;
    await this.shell.type(`flotilla wait rollout ${name} --for create --for ${state} --timeout 90s`);
  }

  /** A person orders that a commit enters production. */
  async order(commit: string, reason: string): Promise<void> {
    await awaitRelease(this.client, commit);
    await this.shell.type(`flotilla promote ${application} --to production --reason "${reason}"`);
  }

  /** The same, and another person agrees to it. */
  async promote(commit: string, reason: string): Promise<void> {
    await this.order(commit, reason);
    await this.shell.type(`FLOTILLA_TOKEN=$(cat ../ann.token) flotilla approve ${application}.production`);
  }

  /** Waits until a release has come to its last stage, and runs everywhere. */
  async arrive(commit: string): Promise<void> {
    await this.awaitRollout(commit, 'production', 'Finished');
    await this.expectEverywhere(`${short(commit)} everywhere`, runs(commit));
  }

  /** Every target of the story's application is so, within a minute; or the story says which is not. */
  async expectEverywhere(what: string, condition: (target: TargetView) => boolean): Promise<void> {
    await this.fleet.every(what, (target) => target.spec.application !== application || condition(target));
  }

  /** The clusters of production, the canary first. */
  production(): readonly string[] {
    const plans = this.fleet.house.clusters.map(({ plan }) => plan);
    const serving = plans.filter(({ labels }) => labels['production']);
    return serving
      .toSorted((a, b) => Number('canary' in b.labels) - Number('canary' in a.labels))
      .map(({ name }) => name);
  }
}

export function short(commit: string): string {
  return commit.slice(0, 8);
}

/** A target that is well, and runs this commit. */
export function runs(commit: string): (target: TargetView) => boolean {
  return ({ status }) => status.sync === 'Synced' && status.health === 'Healthy' && status.revision === commit;
}
