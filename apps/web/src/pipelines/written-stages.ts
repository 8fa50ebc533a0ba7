import type { DocumentView } from '@flotilla/contracts';

/** A stage as its pipeline writes it. */
export interface WrittenStage {
  readonly environment: string;
  /** What it follows in Git, in words; absent where it comes after other stages. */
  readonly tracks?: string;
  readonly after: readonly string[];
  readonly promote?: string;
  /** What it asks of a release, in words. */
  readonly gates: readonly string[];
}

/** The stages of an application's pipeline. Documents are shown, never trusted: what cannot be read is passed over. */
export function writtenStages(application: string, documents: Iterable<DocumentView>): readonly WrittenStage[] {
  const all = [...documents];
  const written = all.find(({ kind, metadata }) => kind === 'Application' && metadata.name === application);
  const name = written?.spec['pipeline'];
  const pipeline = all.find(({ kind, metadata }) => kind === 'Pipeline' && metadata.name === name);
  const stages = pipeline?.spec['stages'];
  return Array.isArray(stages) ? stages.flatMap(readStage) : [];
}

function readStage(stage: unknown): WrittenStage[] {
  const { environment, track, after, promote, gates } = fieldsOf(stage);
  if (typeof environment !== 'string') return [];
  return [
    {
      environment,
      ...(track !== undefined && { tracks: trackText(fieldsOf(track)) }),
      after: Array.isArray(after) ? after.filter((each) => typeof each === 'string') : [],
      ...(typeof promote === 'string' && { promote }),
      gates: Array.isArray(gates) ? gates.flatMap(gateTexts) : [],
    },
  ];
}

function trackText({ repository, branch, tag }: Fields): string {
  return `${branch === undefined ? `tag ${textOf(tag)}` : textOf(branch)} of ${textOf(repository)}`;
}

/** A gate by its kind, and by what it says where that is a word: a kind that this page does not know has a name as well. */
function gateTexts(gate: unknown): string[] {
  return Object.entries(fieldsOf(gate)).map(([kind, written]) =>
    typeof written === 'string' ? `${kind} ${written}` : kind,
  );
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '?';
}
