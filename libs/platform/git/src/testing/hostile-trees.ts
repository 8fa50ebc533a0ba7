import { gitObject } from '../objects/git-object.ts';
import type { TreeEntry } from '../objects/parse-tree.ts';
import type { InMemoryGitRepository } from './in-memory-git-repository.ts';

/** What reading `env` of a hostile repository has to come to: a fault that names the place, or exactly these files. */
export type HostileOutcome =
  | { readonly reason: string; readonly subject?: string }
  | { readonly files: readonly string[] };

/** A tree that an honest tool would not write, and what becomes of it here. */
export interface HostileTree {
  readonly title: string;
  /** Writes the directory `env` as it should not be, and gives its tree. */
  readonly write: (repository: InMemoryGitRepository) => string;
  readonly outcome: HostileOutcome;
}

/** Directories that nobody writes by accident, made object by object. Each has one documented outcome. */
export const hostileTrees: readonly HostileTree[] = [
  ...links([
    ['to an absolute path', '/etc/passwd'],
    ['out of the repository', '../../../../etc/passwd'],
    ['to a sibling environment', '../other/canary.yaml'],
    ['to a directory', '../other'],
    ['to itself', 'link'],
    ['to nothing', 'nowhere'],
    ['to the environment of the process', '/proc/self/environ'],
    ['to the token of the service account', '/var/run/secrets/kubernetes.io/serviceaccount/token'],
    ['to a neighbour inside the path', 'good.yaml'],
    ['with an empty target', ''],
  ]),
  {
    title: 'a link deep below the path',
    write: (repository) => {
      const target = repository.write('blob', '/etc/passwd');
      return nested(repository, ['a', 'b'], repository.writeTree([{ mode: '120000', name: 'link', oid: target }]));
    },
    outcome: { reason: 'GitSymlinkRefused', subject: 'env/a/b/link' },
  },
  ...refusedNames([
    ['two dots', '..', '..'],
    ['one dot', '.', '.'],
    ['no name', '', ''],
    ['the git directory', '.git', '.git'],
    ['the git directory in capitals', '.GIT', '.GIT'],
    ['the git directory in mixed case', '.gIt', '.gIt'],
    ['the short name of the git directory', 'git~1', 'git~1'],
    ['the short name in capitals', 'GIT~1', 'GIT~1'],
    ['the git directory as a stream', '.git::$INDEX_ALLOCATION', '.git::$INDEX_ALLOCATION'],
    ['a stream of the git directory', '.git:evil', '.git:evil'],
    ['the short name as a stream', 'git~1::$DATA', 'git~1::$DATA'],
    ['the git directory with a space before a stream', '.git ::$DATA', '.git ::$DATA'],
    ['the git directory with a space', '.git ', '.git '],
    ['the git directory with dots', '.git. .', '.git. .'],
    ['the git directory with a joiner that some file systems ignore', '.g\u200cit', '.g\\u{200c}it'],
    ['a slash', 'a/b', 'a/b'],
    ['a leading slash', '/etc', '/etc'],
    ['a way up inside a name', '../../other', '../../other'],
    ['a backslash', 'a\\b', 'a\\u{5c}b'],
    ['a way up for Windows', '..\\other', '..\\u{5c}other'],
    ['a drive', 'C:\\evil', 'C:\\u{5c}evil'],
    ['a newline', 'a\nb', 'a\\u{a}b'],
    ['a carriage return', 'a\rb', 'a\\u{d}b'],
    ['an escape sequence', 'a\u001b[2Jb', 'a\\u{1b}[2Jb'],
    ['a deletion', 'a\u007fb', 'a\\u{7f}b'],
    ['an override of the direction', 'lmay.\u202eexe', 'lmay.\\u{202e}exe'],
    ['an isolate of the direction', '\u2066a', '\\u{2066}a'],
    ['a mark of the direction', 'a\u200fb', 'a\\u{200f}b'],
    ['a separator of lines', 'a\u2028b', 'a\\u{2028}b'],
    ['a space without width', 'a\u200bb', 'a\\u{200b}b'],
    ['a byte order mark', '\ufeffa', '\\u{feff}a'],
    ['a private character', 'a\ue000', 'a\\u{e000}'],
    ['a dot at the end', 'a.yaml.', 'a.yaml.'],
    ['a space at the end', 'a.yaml ', 'a.yaml '],
    ['only a space', ' ', ' '],
    ['256 bytes', 'é'.repeat(128), 'é'.repeat(128)],
    ['5,000 characters', 'a'.repeat(5_000), `${'a'.repeat(195)}…`],
  ]),
  {
    title: 'a name that is not UTF-8',
    write: (repository) => rawTree(repository, Buffer.from([0x61, 0xff, 0xfe])),
    outcome: { reason: 'GitNameRefused', subject: 'env/a\\u{fffd}\\u{fffd}' },
  },
  {
    title: 'an overlong encoding of a slash',
    write: (repository) => rawTree(repository, Buffer.from([0x61, 0xc0, 0xaf])),
    outcome: { reason: 'GitNameRefused', subject: 'env/a\\u{fffd}\\u{fffd}' },
  },
  {
    title: 'a name with NUL',
    write: (repository) => rawTree(repository, Buffer.from('a\0b')),
    outcome: { reason: 'GitTreeMalformed', subject: 'env' },
  },
  ...pairs([
    ['the same name twice', 'a.yaml', 'a.yaml'],
    ['names that differ in case', 'Values.yaml', 'values.yaml'],
    ['names that differ in the case of an accent', 'Ärger', 'ärger'],
    ['names that differ in how an accent is written', 'caf\u00e9', 'cafe\u0301'],
    ['a file and a directory of one name', 'a', 'a', '40000'],
    ['a file and a directory that differ in case', 'a', 'A', '40000'],
    ['a file and a link of one name', 'a', 'a', '120000'],
  ]),
  ...modes([
    ['a submodule', '160000', 'GitSubmoduleRefused'],
    ['no mode bits', '0', 'GitModeRefused'],
    ['six zeros', '000000', 'GitModeRefused'],
    ['all may write', '100777', 'GitModeRefused'],
    ['setuid', '104755', 'GitModeRefused'],
    ['a device', '20644', 'GitModeRefused'],
    ['a directory with a leading zero', '040000', 'GitModeRefused'],
    ['a directory with permissions', '40755', 'GitModeRefused'],
    ['a link with permissions', '120777', 'GitModeRefused'],
    ['a word', 'evil', 'GitModeRefused'],
    ['an empty mode', '', 'GitModeRefused'],
  ]),
  {
    title: 'a file with the mode of very old gits',
    write: (repository) => repository.writeTree([{ mode: '100664', name: 'old.yaml', oid: text(repository) }]),
    outcome: { files: ['old.yaml'] },
  },
  {
    title: 'a thousand directories in each other',
    write: (repository) =>
      nested(
        repository,
        Array.from({ length: 1_000 }, () => 'd'),
        goodTree(repository),
      ),
    outcome: { reason: 'GitTreeTooDeep', subject: `env/${Array.from({ length: 63 }, () => 'd').join('/')}` },
  },
  {
    title: 'a directory of a hundred thousand and one entries',
    write: (repository) => {
      const oid = text(repository);
      return repository.writeTree(
        Array.from({ length: 100_001 }, (_, index) => ({ mode: '100644', name: `f${index}`, oid })),
      );
    },
    outcome: { reason: 'GitTreeTooLarge', subject: 'env' },
  },
  {
    title: 'a few objects that unfold to ten billion files',
    write: (repository) => {
      let oid = goodTree(repository);
      for (let level = 0; level < 10; level++) {
        oid = repository.writeTree(
          Array.from({ length: 10 }, (_, index) => ({ mode: '40000', name: `${index}`, oid })),
        );
      }
      return oid;
    },
    outcome: { reason: 'GitTooManyFiles', subject: 'env/0/0/0/0/0/0/9/4/7/0/good.yaml' },
  },
  {
    title: 'one file many times, which is too much together',
    write: (repository) => {
      const oid = repository.write('blob', Buffer.alloc(1024 * 1024, 'a'));
      const entries = Array.from({ length: 65 }, (_, index) => ({ mode: '100644', name: `f${index + 10}`, oid }));
      return repository.writeTree(entries);
    },
    outcome: { reason: 'GitFilesTooLarge', subject: 'f74' },
  },
  {
    title: 'a file that is too large',
    write: (repository) => {
      const oid = repository.write('blob', Buffer.alloc(17 * 1024 * 1024));
      return repository.writeTree([{ mode: '100644', name: 'large.bin', oid }]);
    },
    outcome: { reason: 'GitObjectTooLarge' },
  },
  {
    title: 'a directory that is a file',
    write: (repository) => repository.writeTree([{ mode: '40000', name: 'sub', oid: text(repository) }]),
    outcome: { reason: 'GitTreeMalformed', subject: 'env/sub' },
  },
  {
    title: 'a file that is a directory',
    write: (repository) => repository.writeTree([{ mode: '100644', name: 'a.yaml', oid: goodTree(repository) }]),
    outcome: { reason: 'GitTreeMalformed', subject: 'a.yaml' },
  },
  {
    title: 'a directory cut short',
    write: (repository) => repository.write('tree', Buffer.from('100644 a.yaml\0short')),
    outcome: { reason: 'GitTreeMalformed', subject: 'env' },
  },
  {
    title: 'a directory that is only a word',
    write: (repository) => repository.write('tree', 'nonsense'),
    outcome: { reason: 'GitTreeMalformed', subject: 'env' },
  },
  ...plainFiles([
    [
      'a pointer to Git LFS is given as the pointer it is',
      'large.yaml',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
    ],
    ['filters of .gitattributes are not run', '.gitattributes', '* filter=evil diff=evil\n'],
    ['modules of .gitmodules are not fetched', '.gitmodules', '[submodule "x"]\n\tpath = x\n\turl = file:///etc\n'],
    ['a kustomization that leads out is only text', 'kustomization.yaml', 'resources: [../../other]\n'],
    ['values from this machine are only text', 'values.yaml', 'valuesFile: /etc/hostname\n'],
    ['a file URL is only text', 'chart.yaml', 'repository: file:///etc/passwd\n'],
    ['a name with letters of the world', 'größe-日本.yaml', 'a: 1\n'],
  ]),
  {
    title: 'entries out of order are read all the same',
    write: (repository) =>
      repository.writeTree(['b.yaml', 'a.yaml'].map((name) => ({ mode: '100644', name, oid: text(repository) }))),
    outcome: { files: ['b.yaml', 'a.yaml'] },
  },
];

function links(list: readonly (readonly [title: string, target: string])[]): HostileTree[] {
  return list.map(([title, target]) => ({
    title: `a link ${title}`,
    write: (repository) =>
      repository.writeTree([
        { mode: '100644', name: 'good.yaml', oid: text(repository) },
        { mode: '120000', name: 'link', oid: repository.write('blob', target) },
      ]),
    outcome: { reason: 'GitSymlinkRefused', subject: 'env/link' },
  }));
}

function refusedNames(list: readonly (readonly [title: string, name: string, subject: string])[]): HostileTree[] {
  return list.map(([title, name, subject]) => ({
    title: `a name: ${title}`,
    write: (repository) => repository.writeTree([{ mode: '100644', name, oid: text(repository) }]),
    outcome: { reason: 'GitNameRefused', subject: `env/${subject}` },
  }));
}

function pairs(
  list: readonly (readonly [title: string, first: string, second: string, secondMode?: string])[],
): HostileTree[] {
  return list.map(([title, first, second, secondMode = '100644']) => ({
    title: `a pair: ${title}`,
    write: (repository) => {
      const oid = secondMode === '40000' ? goodTree(repository) : text(repository);
      return repository.writeTree([
        { mode: '100644', name: first, oid: text(repository) },
        { mode: secondMode, name: second, oid },
      ]);
    },
    outcome: { reason: 'GitNameAmbiguous', subject: `env/${second}` },
  }));
}

function modes(list: readonly (readonly [title: string, mode: string, reason: string])[]): HostileTree[] {
  return list.map(([title, mode, reason]) => ({
    title: `a mode: ${title}`,
    write: (repository) => repository.writeTree([{ mode, name: 'odd', oid: text(repository) }]),
    outcome: { reason, subject: 'env/odd' },
  }));
}

function plainFiles(list: readonly (readonly [title: string, name: string, content: string])[]): HostileTree[] {
  return list.map(([title, name, content]) => ({
    title,
    write: (repository) => {
      const entry: TreeEntry = { mode: '100644', name, oid: repository.write('blob', content) };
      return repository.writeTree([entry]);
    },
    outcome: { files: [name] },
  }));
}

/** A tree with one entry whose name is these bytes. */
function rawTree(repository: InMemoryGitRepository, name: Uint8Array): string {
  const oid = Buffer.from(text(repository), 'hex');
  return repository.write('tree', Buffer.concat([Buffer.from('100644 '), name, Buffer.of(0), oid]));
}

function nested(repository: InMemoryGitRepository, names: readonly string[], innermost: string): string {
  return names.reduceRight((oid, name) => repository.writeTree([{ mode: '40000', name, oid }]), innermost);
}

function goodTree(repository: InMemoryGitRepository): string {
  return repository.writeTree([{ mode: '100644', name: 'good.yaml', oid: text(repository) }]);
}

function text(repository: InMemoryGitRepository): string {
  return repository.write('blob', gitObject('blob', Buffer.from('kind: ConfigMap\n')).content);
}
