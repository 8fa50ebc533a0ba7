import { InMemorySources, type FailingSources } from '@flotilla/agent/testing';
import { sha256 } from '@flotilla/foundation/node';

/** What one environment of one application holds in Git: names of objects, each with its value. */
export type Content = Readonly<Record<string, string>>;

/**
 * One repository for all applications. Each commit carries everything; a push changes one path, so that for all others
 * it is a commit that brings them nothing.
 */
export class FleetGit {
  readonly sources = new InMemorySources();
  readonly #paths = new Map<string, Content>();
  /** Every content that a path ever had, oldest first. */
  readonly #history = new Map<string, Content[]>();
  head = '';

  push(path: string, content: Content): void {
    this.#paths.set(path, content);
    this.#history.set(path, [...this.historyOf(path), content]);
    const files = [...this.#paths].flatMap(([folder, objects]) =>
      Object.entries(objects).map(([name, value]) => [`${folder}/${name}.yaml`, manifest(name, value)] as const),
    );
    this.head = this.sources.commit(Object.fromEntries(files));
  }

  contentOf(path: string): Content {
    return this.#paths.get(path) ?? {};
  }

  historyOf(path: string): readonly Content[] {
    return this.#history.get(path) ?? [];
  }

  /** What stood at a path in a commit. */
  contentAt(revision: string, path: string): Content {
    const files = Object.entries(this.sources.filesAt(revision)).filter(([file]) => file.startsWith(`${path}/`));
    return Object.fromEntries(
      files.map(([file, text]) => [file.slice(path.length + 1, -'.yaml'.length), valueIn(text)]),
    );
  }

  treeOf(path: string): string {
    return sha256(JSON.stringify(this.contentOf(path)));
  }
}

export type GitHost = FailingSources;

function manifest(name: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {value: ${value}}\n`;
}

function valueIn(text: string): string {
  return /value: ([^}]+)\}/.exec(text)![1]!;
}
