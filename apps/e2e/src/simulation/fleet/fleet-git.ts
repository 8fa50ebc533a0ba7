import { InMemorySources } from '@flotilla/agent/testing';
import { sha256 } from '@flotilla/foundation/node';
import type { Content } from '../invariants.ts';
import { contentAt, manifest } from '../manifests.ts';

/**
 * One repository for all applications. Each commit carries everything; a push changes one path, so that for all others
 * it is a commit that brings them nothing.
 */
export class FleetGit {
  readonly sources = new InMemorySources();
  readonly #paths = new Map<string, Content>();
  readonly #commits: string[] = [];
  head = '';

  push(path: string, content: Content): void {
    this.#paths.set(path, content);
    const files = [...this.#paths].flatMap(([folder, objects]) =>
      Object.entries(objects).map(([name, value]) => [`${folder}/${name}.yaml`, manifest(name, value)] as const),
    );
    this.#commits.push(this.sources.commit(Object.fromEntries(files)));
    this.head = this.#commits.at(-1)!;
  }

  /** Somebody pushed by force: the ref is where it was some commits ago. False when it never was elsewhere. */
  goBack(commits: number): boolean {
    const older = this.#commits.at(-1 - commits);
    if (older === undefined || older === this.head) return false;
    for (const path of this.#paths.keys()) this.#paths.set(path, this.contentAt(older, path));
    this.#commits.push(older);
    this.head = older;
    return true;
  }

  contentOf(path: string): Content {
    return this.#paths.get(path) ?? {};
  }

  /** What stood at a path in a commit. */
  contentAt(revision: string, path: string): Content {
    return contentAt(this.sources, revision, path);
  }

  treeOf(path: string): string {
    return sha256(JSON.stringify(this.contentOf(path)));
  }
}
