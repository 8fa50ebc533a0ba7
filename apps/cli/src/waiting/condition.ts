import { Fault, nearest } from '@flotilla/foundation';
import type { FreezeStatusView } from '@flotilla/contracts';
import {
  acknowledgedText,
  connections,
  healthStatuses,
  isOpenRollout,
  rolloutStates,
  syncStatuses,
  type RolloutState,
} from '@flotilla/model';
import type { Noun } from '../nouns/noun.ts';
import { evaluate } from '../output/jsonpath/evaluate.ts';
import { readLonePath, valueText } from '../output/jsonpath/template.ts';

/** Something that is waited for. */
export interface Condition {
  /** As a person would say it: `health=Healthy`. */
  readonly text: string;
  /** What stands in the way; nothing when it holds. An item that is not there is `undefined`. */
  unmet(item: unknown): string | undefined;
  /** Whether it does not hold, and nothing that happens to this item makes it hold any more. */
  isInVain?(item: unknown): boolean;
}

/** What a status word is about, and the noun that has it. */
const fields: Readonly<Record<string, readonly string[]>> = {
  sync: syncStatuses,
  health: healthStatuses,
  connection: connections,
  state: rolloutStates,
};

const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  target: ['sync', 'health', 'connection', 'revision'],
  cluster: ['connection'],
  rollout: ['state'],
  rollback: ['state'],
};

/** Words about freezes only, and what their status says of them. */
const acknowledged = 'acknowledged';

/** What is waited for when nobody says. */
const usual: Readonly<Record<string, readonly string[]>> = {
  target: ['sync=Synced', 'health=Healthy'],
  cluster: ['connection=Connected'],
  rollout: ['state=Finished'],
  freeze: [acknowledged],
  rollback: ['state=Finished'],
};

/**
 * Reads what follows `--for`: `health=Healthy`, or `Healthy` alone; `revision=1a2b3c4d`; `jsonpath={.a.b}=value`;
 * `create`; `delete`. kubectl's `condition=` may stand before a word.
 */
export function readConditions(noun: Noun, texts: readonly string[]): Condition[] {
  const given = texts.length > 0 ? texts : (usual[noun.singular] ?? []);
  if (given.length > 0) return given.map((text) => readCondition(noun, text.replace(/^condition=/i, '')));
  throw invalid(`wait for what? Say --for delete, or --for jsonpath={.status.…}=VALUE, of ${noun.plural}`);
}

function readCondition(noun: Noun, text: string): Condition {
  if (text === 'delete') return { text, unmet: (item) => (item === undefined ? undefined : 'is still there') };
  if (text === 'create') return { text, unmet: (item) => (item === undefined ? 'is not there yet' : undefined) };
  const path = /^jsonpath=(\{.*?\}|[^=]+?)(?:=(.*))?$/s.exec(text);
  if (path) return pathCondition(text, path[1]!, path[2]);
  if (text.toLowerCase() === acknowledged && noun.singular === 'freeze') return { text, unmet: unacknowledged };
  const [, name, word = ''] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (name) return statusCondition(noun, name.toLowerCase(), word);
  const field = Object.keys(fields).find((known) => wordOf(known, text));
  if (field) return statusCondition(noun, field, text);
  throw unknown(noun, text);
}

function pathCondition(text: string, pathText: string, wanted: string | undefined): Condition {
  const path = readLonePath(pathText);
  return {
    text,
    unmet: (item) => {
      const values = evaluate(path, { root: item, here: item }).map(valueText);
      if (wanted === undefined) return values.length > 0 ? undefined : `has no ${pathText}`;
      return values.includes(wanted) ? undefined : `${pathText} is ${values.join(', ') || 'not there'}`;
    },
  };
}

function statusCondition(noun: Noun, field: string, given: string): Condition {
  if (!(fieldsOf[noun.singular] ?? []).includes(field)) throw unknown(noun, `${field}=${given}`);
  const word = field === 'revision' ? given : wordOf(field, given);
  if (word === undefined) throw invalid(`--for ${field}=${given}: ${suggestion(given, fields[field]!)}`);
  return {
    text: `${field}=${word}`,
    unmet: (item) => {
      if (item === undefined) return 'is not there';
      const stale = noun.singular === 'target' && field !== 'connection' ? staleness(item as Told) : undefined;
      return stale ?? (meets(item as Told, field, word) ? undefined : standing(item as Told, field));
    },
    ...(field === 'state' && { isInVain: (item) => item !== undefined && isOverWithout(item as Told, word) }),
  };
}

/** A rollout that is over, a rollback as well, comes to no other state. */
function isOverWithout({ status }: Told, word: string): boolean {
  const state = status['state'] as RolloutState;
  return state !== word && !isOpenRollout(state);
}

/** A cluster that cannot be asked keeps its word to itself: it is named, and waited for. */
function unacknowledged(item: unknown): string | undefined {
  const told = (item as { readonly status: { readonly freeze?: FreezeStatusView } } | undefined)?.status.freeze;
  if (!told) return 'is not there';
  return told.unplanned === 0 && told.acknowledged === told.clusters ? undefined : acknowledgedText(told);
}

interface Told {
  readonly spec: { readonly generation?: number };
  readonly status: Readonly<Record<string, unknown>> & { readonly reason?: { code: string; message: string } };
}

/** A status about an older generation, or of a cluster that is not heard, is what was: nothing to wait for is in it. */
function staleness({ spec, status }: Told): string | undefined {
  if (status['connection'] !== 'Connected') return `its cluster is ${String(status['connection'])}`;
  const [seen, wanted] = [status['generation'] as number, spec.generation ?? 0];
  return seen < wanted ? `its agent has not told of generation ${wanted} yet` : undefined;
}

function meets({ status }: Told, field: string, word: string): boolean {
  const value = status[field];
  return field === 'revision' ? typeof value === 'string' && value.startsWith(word) : value === word;
}

function standing({ status }: Told, field: string): string {
  const why = status.reason && field !== 'revision' ? ` (${status.reason.code}: ${status.reason.message})` : '';
  return `${field} is ${valueText(status[field]) || 'not known'}${why}`;
}

function wordOf(field: string, given: string): string | undefined {
  return fields[field]?.find((word) => word.toLowerCase() === given.toLowerCase());
}

function unknown(noun: Noun, text: string): Fault {
  const own = fieldsOf[noun.singular] ?? [];
  const words = own.flatMap((field) => fields[field] ?? []);
  const forms = [...own.map((field) => `${field}=…`), 'create', 'delete', 'jsonpath={…}=…'];
  const near = nearest(text, words);
  const hint = near ? `did you mean ${near}?` : `of ${noun.plural} there are ${forms.join(', ')}`;
  return invalid(`--for ${text} is not understood; ${hint}`);
}

function suggestion(given: string, words: readonly string[]): string {
  const near = nearest(given, words);
  return near ? `did you mean ${near}?` : `it is one of ${words.join(', ')}`;
}

function invalid(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'ConditionInvalid', message });
}
