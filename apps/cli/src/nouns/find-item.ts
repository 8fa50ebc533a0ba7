import { Fault, nearest, toFault } from '@flotilla/foundation';
import type { Api } from '../api.ts';
import { isNamed } from './is-named.ts';
import type { Noun } from './noun.ts';

/** The thing of this name or uid; a fault that knows what was probably meant when there is none. */
export async function requireItem<Item>(api: Api, noun: Noun<Item>, name: string): Promise<Item> {
  const item = await findItem(api, noun, name);
  if (item !== undefined) return item;
  throw await missingItem(api, noun as Noun, name);
}

export async function findItem<Item>(api: Api, noun: Noun<Item>, name: string): Promise<Item | undefined> {
  if (!noun.find) return searchList(api, noun, name);
  return noun.find(api, name).catch((error: unknown) => {
    if (toFault(error).code === 'not-found') return undefined;
    throw error;
  });
}

async function searchList<Item>(api: Api, noun: Noun<Item>, name: string): Promise<Item | undefined> {
  for await (const item of noun.list(api, {})) {
    if (isNamed(noun, item, name)) return item;
  }
  return undefined;
}

const namesMax = 2_000;

/** Says that something is not there, and what was probably meant. */
export async function missingItem(api: Api, noun: Noun, name: string): Promise<Fault> {
  const near = nearest(name, await someNames(api, noun));
  const hint = near ? `did you mean ${near}?` : `list them with: flotilla get ${noun.plural}`;
  const where = noun.outsideProjects ? '' : ` in project ${api.project}`;
  const message = `there is no ${noun.singular} ${name}${where}; ${hint}`;
  return new Fault({ code: 'not-found', reason: 'NameUnknown', message });
}

/** Names of what there is, as far as it is worth looking. */
export async function someNames(api: Api, noun: Noun): Promise<string[]> {
  const names: string[] = [];
  for await (const item of noun.list(api, {})) {
    if (names.push(noun.nameOf(item)) >= namesMax) break;
  }
  return names;
}
