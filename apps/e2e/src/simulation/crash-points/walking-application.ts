import type { FreezeFacts, RolloutSettings, StageFacts } from '@flotilla/control-delivery';
import { stageFacts, type OutsideFacts } from '@flotilla/control-delivery/testing';
import { applyDocuments } from '@flotilla/control-sources';
import { InMemoryDocuments } from '@flotilla/control-sources/testing';
import { isoTime, type Clock, type Ids } from '@flotilla/foundation';
import { systemActor, type ApplicationDocument, type DesiredEntry, type WorkKind } from '@flotilla/model';
import { fleetDocuments } from '../../support/fleet-documents.ts';

/** How releases come into `prod`, which comes after `dev`; where nothing is said, at once, and everywhere together. */
export interface WalkSettings {
  readonly following?: Pick<NonNullable<StageFacts['following']>, 'promote' | 'gates'>;
  readonly rollout?: RolloutSettings;
}

/** `dev` is on the first, `prod` on the others. */
export const clusterNames = ['d1', 'p1', 'p2', 'p3'];
const environments = ['dev', 'prod'];
const application = 'checkout';
const project = 'default';

export interface WalkingApplicationOptions {
  readonly settings: WalkSettings;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly mark: (kind: WorkKind, keys: readonly string[]) => void;
}

/** `checkout`, which walks from `dev` into `prod`: its documents, what Git holds of it, and what is wrong with that. */
export class WalkingApplication {
  readonly documents: InMemoryDocuments;
  readonly #options: WalkingApplicationOptions;
  readonly #frozenAt = new Map<string, string>();
  /** What is not well anywhere in `prod`, though nobody can see that in `dev`. */
  readonly #bad = new Set<string>();
  #commits = 0;

  constructor(options: WalkingApplicationOptions) {
    this.#options = options;
    this.documents = new InMemoryDocuments(options);
  }

  async apply(): Promise<void> {
    const stages = [
      '{environment: dev, track: {repository: shop, branch: main}}',
      '{environment: prod, after: [dev], promote: auto}',
    ];
    const files = [{ file: 'fleet.yaml', text: fleetDocuments([application], { environments, stages }) }];
    await applyDocuments(this.documents, { project, files, by: systemActor('test'), dryRun: false });
  }

  get uid(): string {
    return this.documents.byKey({ project, kind: 'Application', name: application })!.uid;
  }

  get head(): string {
    return commitOf(this.#commits);
  }

  /** A commit that changes what is read everywhere was seen in Git. */
  push({ isBad = false }: { isBad?: boolean } = {}): void {
    this.#commits++;
    if (isBad) this.#bad.add(this.head);
    this.#options.mark('plan', [this.uid]);
  }

  /** What was bad is well from now on, once it is tried again. */
  mend(): void {
    this.#bad.clear();
  }

  isWell({ environment, source }: DesiredEntry): boolean {
    return environment === 'dev' || !this.#bad.has(source.revision);
  }

  get freezes(): readonly FreezeFacts[] {
    return this.documents.stored(project).flatMap(({ document }) => {
      if (document.kind !== 'Freeze') return [];
      const { name } = document.metadata;
      const since = this.#frozenAt.get(name) ?? isoTime(this.#options.clock.now());
      this.#frozenAt.set(name, since);
      return [{ name, spec: document.spec, by: 'user:anna', since }];
    });
  }

  outside(): OutsideFacts {
    const { following = { promote: 'auto' as const, gates: [] }, rollout } = this.#options.settings;
    const prod = { ...this.#stage('prod'), following: { after: ['dev'], ...following }, ...(rollout && { rollout }) };
    return {
      application: {
        uid: this.uid,
        project,
        name: application,
        document: this.documents.byUid(this.uid)!.document as ApplicationDocument,
        repositoryUrl: 'https://git.example.org/shop.git',
      },
      clusters: clusterNames.map((name) => {
        const labels = { [name.startsWith('d') ? 'dev' : 'prod']: 'true' };
        return { uid: name, name, labels };
      }),
      stages: [this.#stage('dev'), prod],
    };
  }

  #stage(environment: string): StageFacts {
    const head = { commit: this.head, trees: [`tree-${this.#commits}`] };
    return stageFacts(environment, this.#commits > 0 ? { head } : {});
  }
}

/** The id of the first commit, of the second, and so on. */
export function commitOf(count: number): string {
  return String(count).repeat(40).slice(0, 40);
}
