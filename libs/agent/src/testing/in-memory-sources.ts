import { Fault, type FaultDetails } from '@flotilla/foundation';
import type { EntrySource } from '@flotilla/model';
import type { SourceFile, SourceReader } from '../ports/source-reader.port.ts';

/** What stands in Git, by commit and path. */
export class InMemorySources implements SourceReader {
  readonly #commits = new Map<string, Readonly<Record<string, string>>>();
  reads = 0;
  /** What was said to be read soon. */
  readonly expected: string[] = [];

  /** A commit with exactly these files. */
  commit(files: Readonly<Record<string, string>>): string {
    const id = (this.#commits.size + 1).toString(16).padStart(40, '0');
    this.#commits.set(id, files);
    return id;
  }

  expect({ revision }: EntrySource): void {
    this.expected.push(revision);
  }

  async read({ revision, path, also }: EntrySource): Promise<readonly SourceFile[]> {
    this.reads++;
    const folders = [path, ...also].map((folder) => `${folder}/`);
    return Object.entries(this.filesAt(revision))
      .filter(([name]) => folders.some((folder) => name.startsWith(folder)))
      .map(([name, text]) => ({ path: name, content: Buffer.from(text) }));
  }

  filesAt(revision: string): Readonly<Record<string, string>> {
    return this.#commits.get(revision) ?? {};
  }
}

const unreachable: FaultDetails = { code: 'unavailable', reason: 'GitUnreachable', message: 'Git is away' };

/** A Git host that is away for as long as `gone` says, and then answers as the one behind it. */
export class FailingSources implements SourceReader {
  gone = true;
  fault: FaultDetails = unreachable;
  readonly #inner: SourceReader;

  constructor(inner: SourceReader = new InMemorySources()) {
    this.#inner = inner;
  }

  expect(source: EntrySource): void {
    this.#inner.expect?.(source);
  }

  async read(source: EntrySource): Promise<readonly SourceFile[]> {
    if (this.gone) throw new Fault(this.fault);
    return this.#inner.read(source);
  }
}
