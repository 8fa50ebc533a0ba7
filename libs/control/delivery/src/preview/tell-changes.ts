import { toFault } from '@flotilla/foundation';
import { agentFeatures, type DesiredEntry, type Reason } from '@flotilla/model';
import type { AgentStanding, AgentStandings } from './agent-standings.port.ts';
import type { ChangeMove, DistinctChange } from './distinct-changes.ts';

/** What one agent says that an entry would change there; a fault says why it cannot tell. */
export type AskPreview<Told> = (cluster: string, entry: DesiredEntry) => Promise<Told>;

/** Whom a change is told by: which agents are there, and how one is asked. */
export interface TellPorts<Told> {
  readonly agents: AgentStandings;
  readonly ask: AskPreview<Told>;
}

/** A distinct change, and what one of its clusters says of it. */
export interface ToldChange<Told> {
  readonly change: DistinctChange;
  /** Nobody said anything where it is absent. */
  readonly told?: { readonly by: string; readonly what: Told };
  /** Who was to say it and could not; of many the first. */
  readonly silent: readonly { readonly cluster: string; readonly reason: Reason }[];
}

/** Changes that nobody was asked about are counted. */
export interface ToldChanges<Told> {
  readonly changes: readonly ToldChange<Told>[];
  readonly more: number;
}

/** A person reads no more, and a fleet shall not render everything that somebody thinks of. */
const changesMax = 12;
/** Of each change two are asked at the same moment, and who answers first tells: one that is slow holds nothing up. */
const askedMax = 2;
const silentMax = 5;

/** Has each distinct change told by one of its clusters, all of them at the same time. */
export async function tellChanges<Told>(
  changes: readonly DistinctChange[],
  { agents, ask }: TellPorts<Told>,
): Promise<ToldChanges<Told>> {
  const shown = changes.slice(0, changesMax);
  const clusters = shown.flatMap(({ moves }) => moves.map(({ cluster }) => cluster.uid));
  const standings = await agents.agentStandings([...new Set(clusters)]);
  const told = await Promise.all(shown.map((change) => tellChange(change, standings, ask)));
  return { changes: told, more: changes.length - shown.length };
}

async function tellChange<Told>(
  change: DistinctChange,
  standings: ReadonlyMap<string, AgentStanding>,
  ask: AskPreview<Told>,
): Promise<ToldChange<Told>> {
  const able = change.moves.filter(({ cluster }) => !whySilent(standings.get(cluster.uid)));
  const silent: { cluster: string; reason: Reason }[] = able.length > 0 ? [] : silentOf(change.moves, standings);
  const asked = able.slice(0, askedMax).map(async ({ cluster, entry }) => {
    try {
      return { by: cluster.name, what: await ask(cluster.uid, entry) };
    } catch (error) {
      const { reason: code, message } = toFault(error);
      silent.push({ cluster: cluster.name, reason: { code, message } });
      throw error;
    }
  });
  const told = await Promise.any(asked).catch(() => undefined);
  return { change, ...(told && { told }), silent: [...silent] };
}

function silentOf(moves: readonly ChangeMove[], standings: ReadonlyMap<string, AgentStanding>) {
  return moves.slice(0, silentMax).map(({ cluster: { uid, name } }) => ({
    cluster: name,
    reason: whySilent(standings.get(uid))!,
  }));
}

function whySilent(standing: AgentStanding | undefined): Reason | undefined {
  const { connection = 'Pending', features = [] } = standing ?? {};
  if (connection !== 'Connected') return { code: 'AgentAway', message: `its agent is not heard now (${connection})` };
  if (features.includes(agentFeatures.preview)) return undefined;
  return {
    code: 'AgentTooOld',
    message: 'its agent cannot tell what would change; upgrade it with: flotilla agent upgrade --image IMAGE',
  };
}
