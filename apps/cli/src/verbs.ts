import type { VerbEntry, VerbGroup } from './program/verb.ts';

export interface VerbChapter {
  readonly title: string;
  readonly verbs: readonly (VerbEntry | VerbGroup)[];
}

/** Everything that `flotilla` can do: a new verb is one file and one line here. */
export const chapters: readonly VerbChapter[] = [
  {
    title: 'Look:',
    verbs: [verb('get', 'list things, or follow them', async () => (await import('./commands/get.ts')).get)],
  },
];

function verb(name: string, summary: string, load: VerbEntry['load']): VerbEntry {
  return { name, summary, load };
}
