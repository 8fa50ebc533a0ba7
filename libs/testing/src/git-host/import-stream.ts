/** Texts by path; `undefined` removes the file. */
export type FileChanges = Readonly<Record<string, string | Uint8Array | undefined>>;

export interface ImportStreamOptions {
  readonly ref: string;
  readonly parent: string | undefined;
  readonly message: string;
  readonly seconds: number;
  /** `Name <address>`. */
  readonly author?: string | undefined;
  readonly changes: FileChanges;
}

const demo = 'Fleet Demo <demo@flotilla.example>';

/** One commit in the language of `git fast-import`, which answers with its id. */
export function importStream(options: ImportStreamOptions): Buffer {
  const { ref, parent, message, seconds, author = demo, changes } = options;
  const head = [
    `commit ${ref}\nmark :1\n`,
    `committer ${author} ${seconds} +0000\n`,
    ...dataOf(message),
    ...(parent ? [`from ${parent}\n`] : []),
  ];
  const files = Object.entries(changes).flatMap(([path, content]) => {
    if (content === undefined) return [`D ${quoted(path)}\n`];
    return [`M 100644 inline ${quoted(path)}\n`, ...dataOf(content)];
  });
  return Buffer.concat([...head, ...files, '\nget-mark :1\n'].map((part) => Buffer.from(part)));
}

function dataOf(content: string | Uint8Array): (string | Uint8Array)[] {
  return [`data ${Buffer.byteLength(content)}\n`, content, '\n'];
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
