import { Fault } from '@flotilla/foundation';
import type { Api } from '../api.ts';
import { missingItem } from '../nouns/find-item.ts';
import { matches } from '../nouns/filters.ts';
import { isAmong, isNamed } from '../nouns/is-named.ts';
import type { Filters, Noun } from '../nouns/noun.ts';
import { followItems } from '../watch/follow-items.ts';
import { KnownItems } from '../watch/known-items.ts';
import type { Condition } from './condition.ts';

export interface WaitRequest {
  readonly noun: Noun;
  readonly names: readonly string[];
  readonly filters: Filters;
  readonly conditions: readonly Condition[];
  /** 0 looks once. */
  readonly timeoutMs: number;
  readonly onProgress: (text: string) => void;
}

/** Waits until everything that was named meets all conditions, and returns its names; a fault says what did not. */
export async function waitFor(api: Api, request: WaitRequest): Promise<string[]> {
  const { noun, timeoutMs } = request;
  const { clock, signal } = api.world;
  const leaving = new AbortController();
  const ending = AbortSignal.any([signal, leaving.signal]);
  // An endless sleep is let go of when the waiting is over, whichever way it ended.
  if (timeoutMs > 0) void clock.sleep(timeoutMs, ending).then(() => leaving.abort());
  const known = knownItems(request);
  let late: Late[] = [];
  try {
    for await (const event of followItems(api, { noun, signal: ending })) {
      if (event.type === 'cut') continue;
      known.take(event);
      const looked = await look(api, request, known.items);
      if (looked.late.length === 0) return looked.met;
      late = looked.late;
      const inVain = late.filter((each) => each.isInVain);
      if (inVain.length > 0) throw over(inVain, noun);
      if (timeoutMs === 0) break;
      request.onProgress(progressText(looked.met.length, late));
    }
  } finally {
    leaving.abort();
  }
  signal.throwIfAborted();
  throw tooLate(late, timeoutMs);
}

interface Late {
  readonly name: string;
  readonly why: string;
  /** It is over, and did not come to that. */
  readonly isInVain: boolean;
}

function knownItems({ noun, names, filters }: WaitRequest): KnownItems {
  return new KnownItems({
    uidOf: (item) => noun.uidOf(item),
    isWanted: (item) => isAmong(noun, item, names) && matches(noun, filters, item),
    lookOf: () => '',
  });
}

async function look(api: Api, request: WaitRequest, items: readonly unknown[]) {
  const wanted = await wantedOf(api, request, items);
  const met: string[] = [];
  const late: Late[] = [];
  for (const { name, item } of wanted) {
    const why = request.conditions.map((condition) => condition.unmet(item)).find((told) => told !== undefined);
    const isInVain = request.conditions.some((condition) => condition.isInVain?.(item) ?? false);
    if (why === undefined) met.push(name);
    else late.push({ name, why, isInVain });
  }
  return { met, late };
}

/** What has to meet the conditions: each name, there or not; without names everything that is there. */
async function wantedOf(api: Api, { noun, names, conditions }: WaitRequest, items: readonly unknown[]) {
  const waitsFor = (...texts: readonly string[]) => conditions.some(({ text }) => texts.includes(text));
  if (names.length === 0) {
    if (items.length === 0 && !waitsFor('delete')) throw nothingThere(noun, api.project);
    return items.map((item) => ({ name: noun.nameOf(item), item }));
  }
  const wanted = names.map((name) => {
    return { name, item: items.find((item) => isNamed(noun, item, name)) };
  });
  const absent = wanted.find(({ item }) => item === undefined);
  if (absent && !waitsFor('delete', 'create')) throw await missingItem(api, noun, absent.name);
  return wanted;
}

function progressText(met: number, late: readonly Late[]): string {
  const [first] = late;
  return `${met} of ${met + late.length} as they should be; ${first!.name}: ${first!.why}`;
}

const toldMax = 5;

function tooLate(late: readonly Late[], timeoutMs: number): Fault {
  const when = timeoutMs === 0 ? 'not so now' : `not so after ${timeoutMs / 1000}s`;
  const text = lateText(late) || 'the control plane has not answered';
  return new Fault({ code: 'timeout', reason: 'WaitTimeout', message: `${when}: ${text}` });
}

/** Nobody waits for his whole time for what cannot come. */
function over(late: readonly Late[], { singular }: Noun): Fault {
  const message = `it is over, and not so: ${lateText(late)}; see: flotilla describe ${singular} ${late[0]!.name}`;
  return new Fault({ code: 'timeout', reason: 'WaitInVain', message });
}

function lateText(late: readonly Late[]): string {
  const told = late.slice(0, toldMax).map(({ name, why }) => `${name}: ${why}`);
  const more = late.length > toldMax ? [`and ${late.length - toldMax} more`] : [];
  return [...told, ...more].join('; ');
}

function nothingThere({ plural }: Noun, project: string): Fault {
  const message = `there are no such ${plural} in project ${project}; list them with: flotilla get ${plural}`;
  return new Fault({ code: 'not-found', reason: 'NothingToWaitFor', message });
}
