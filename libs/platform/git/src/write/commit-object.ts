import type { Person } from '../git-remote.ts';
import { gitObject, type GitObject } from '../objects/git-object.ts';

export interface CommitContent {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

/** A commit as Git writes one, in UTC. */
export function commitObject({ tree, parents, author, committer, message }: CommitContent): GitObject {
  const head = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${stampOf(author)}`,
    `committer ${stampOf(committer)}`,
  ];
  return gitObject('commit', Buffer.from(`${head.join('\n')}\n\n${message.trimEnd()}\n`));
}

function stampOf({ name, email, at }: Person): string {
  return `${plain(name) || 'unknown'} <${plain(email)}> ${Math.floor(at / 1000)} +0000`;
}

/** A header is one line, and angle brackets end the name: whoever is called so does not get to write headers. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}<>]+/gu, ' ')
    .trim();
}
