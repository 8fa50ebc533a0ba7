import { followChanges, type FollowEvent } from '@flotilla/client';
import { Fault } from '@flotilla/foundation';
import type { Api } from '../api.ts';
import { allOf } from '../nouns/all-of.ts';
import { findItem } from '../nouns/find-item.ts';
import { AskFor, type Noun } from '../nouns/noun.ts';

/** What somebody who follows one noun is told. */
export type ItemEvent =
  /** Everything there is: it replaces what was known. Comes first, and again after each cut. */
  | { readonly type: 'all'; readonly items: readonly unknown[] }
  | { readonly type: 'changed'; readonly item: unknown }
  | { readonly type: 'gone'; readonly uid: string }
  | { readonly type: 'cut'; readonly fault: Fault; readonly retryMs: number };

/** Follows the things of one noun until the signal aborts, whatever kinds of change they are made of. */
export async function* followItems(
  api: Api,
  { noun, signal }: { readonly noun: Noun; readonly signal: AbortSignal },
): AsyncGenerator<ItemEvent> {
  const { watched } = noun;
  if (!watched) throw unfollowed(noun);
  const { clock, random } = api.world;
  const options = { project: api.project, kinds: watched.kinds, clock, random, signal };
  for await (const event of followChanges(api.client, options)) {
    if (event.type === 'cut') yield event;
    else if (event.type === 'gone') yield { type: 'gone', uid: event.uid };
    else if (event.type === 'changed') yield* changed(api, noun, event);
    // The other kinds only say more about the things of the first.
    else if (event.kind === watched.kinds[0]) yield { type: 'all', items: await all(api, noun, event.objects) };
  }
}

async function all(api: Api, noun: Noun, objects: readonly unknown[]): Promise<unknown[]> {
  const watched = noun.watched!;
  const items = objects.map((object) => watched.read(watched.kinds[0]!, object)).filter((item) => item !== undefined);
  if (!items.some((item) => item instanceof AskFor)) return items;
  // One list is cheaper than a question for each; what changes meanwhile is told afterwards.
  return allOf(noun.list(api, {}));
}

async function* changed(
  api: Api,
  noun: Noun,
  { kind, object }: Extract<FollowEvent, { type: 'changed' }>,
): AsyncGenerator<ItemEvent> {
  const read = noun.watched!.read(kind, object);
  const item = read instanceof AskFor ? await findItem(api, noun, read.name) : read;
  if (item !== undefined) yield { type: 'changed', item };
}

function unfollowed({ plural }: Noun): Fault {
  return new Fault({
    code: 'invalid',
    reason: 'NotFollowed',
    message: `${plural} cannot be followed; targets, rollouts and events tell what becomes of them`,
  });
}
