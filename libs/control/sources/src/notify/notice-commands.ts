import type { TellableLine } from '@flotilla/model';

/** What a person types to know more of a line, and what to do something about it. */
export interface NoticeCommands {
  readonly command: string;
  readonly act?: string;
}

/** The names in a subject are ours or were checked; whatever else stands there never reaches a shell. */
const subjectPattern = /^(\w+) [^/]+\/([a-z0-9.-]+)$/;

/** The commands that belong to a line of the ledger; the list of events where there is nothing better. */
export function commandsFor({ action, subject }: TellableLine, project: string): NoticeCommands {
  const [, kind = '', name = ''] = subjectPattern.exec(subject) ?? [];
  const see = (name && sights.get(kind)?.(name)) || 'events';
  const does = name && deeds.get(action)?.(name);
  const inProject = (words: string) => `flotilla ${words} -p ${project}`;
  return { command: inProject(see), ...(does && { act: inProject(does) }) };
}

type Words = (name: string) => string;

/** By what a line is about: the verb that answers "why?". */
const sights = new Map<string, Words>([
  ['Target', (name) => `explain target ${name}`],
  ['Application', (name) => `explain application ${name}`],
  ['Cluster', (name) => `explain cluster ${name}`],
  ['Freeze', (name) => `describe freeze ${name}`],
  ['Rollback', (name) => `describe rollback ${name}`],
  ['Repository', () => 'get repairs'],
  ['AgentUpgrade', () => 'agent status'],
]);

/** By what was done: the one order that answers it. Which of several is a person's to choose, is not chosen here. */
const deeds = new Map<string, Words>([
  ['freeze.set', (name) => `unfreeze ${name}`],
  ['freeze.change', (name) => `unfreeze ${name}`],
  ['drift.find', (name) => `diff target ${name}`],
  ['upgrade.halt', () => 'agent resume'],
  ['cluster.alarm', (name) => `cluster revoke ${name} --reason WHY`],
]);
