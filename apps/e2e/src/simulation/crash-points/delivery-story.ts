import { isDeepStrictEqual } from 'node:util';
import type { Mortal } from '../mortal.ts';
import { atEveryCrashPoint } from './crash-points.ts';
import { DyingPlane, type Heard, type Order } from './dying-plane.ts';
import type { WalkSettings } from './walking-application.ts';

/** What a person orders at the moment that matters. */
export interface Ordering {
  readonly who: string;
  readonly order: Order;
}

/** Something that is done to a fleet, while the control plane dies somewhere in the middle of it. */
export interface DeliveryStory {
  readonly settings?: WalkSettings;
  /** What came about before; what it gives is shown to whoever orders. */
  readonly before?: (plane: DyingPlane) => Promise<string | void>;
  /** What comes by itself at that moment, such as a commit. */
  readonly comes?: (plane: DyingPlane) => void;
  /** Who orders something at that moment; the first of them asks again where the story is told with retries. */
  readonly orders?: readonly Ordering[];
  /** By then all that is going to happen has happened. */
  readonly lastsMs: number;
  /** What is to be seen in the end, among the rest, if nobody dies. */
  readonly ends: readonly string[];
}

/** How a story ended. */
export interface Outcome {
  readonly picture: readonly string[];
  /** What each person heard, at each try. */
  readonly heard: ReadonlyMap<string, readonly Heard[]>;
  /** What must never happen, and did. */
  readonly violations: readonly string[];
  readonly calls: number;
}

const retries = [0, 2];
const retryMs = 100;
const lookMs = 1_000;

/** An order that is given again reaches whoever takes over at last so much later. */
const lateMs = 3_000;

/**
 * Tells a story once for each call of a port, dying there, and for each number of retries. Wrong is what comes of it in
 * any other way than if nobody had died, with the orders in one sequence or another, at once or a little late; only what
 * nobody was told of, and nobody asked for again, may be as if it had never been ordered. How many points there were is
 * said under the name of the story.
 */
export async function wrongAtAnyPoint(name: string, story: DeliveryStory): Promise<readonly string[]> {
  const undisturbed: Outcome[] = [];
  for (const orders of sequencesOf(story.orders ?? []))
    for (const orderedAfterMs of story.comes && orders.length > 0 ? [0, lateMs] : [0])
      undisturbed.push(await tell({ ...story, orders }, { orderedAfterMs }));
  const all = undisturbed.find(({ heard }) => heard.size === (story.orders ?? []).length)!;
  const unseen = story.ends.filter((line) => !all.picture.includes(line));
  if (unseen.length > 0) return [`nobody died, and ${all.picture.join('; ')}`];
  const { points, wrong } = await atEveryCrashPoint(
    async () => all.calls,
    async ({ call, after }) => {
      const found: string[] = [];
      for (const tries of story.orders ? retries : [0]) {
        const outcome = await tell(story, { tries, prepare: (process) => process.killIn(call, after) });
        found.push(...wrongWith(outcome, undisturbed, tries).map((what) => `${tries} retries: ${what}`));
      }
      return found;
    },
  );
  process.stdout.write(`${points} crash points: ${name}\n`);
  return wrong;
}

interface Telling {
  readonly orderedAfterMs?: number;
  /** How often the first person asks again, under the same key. */
  readonly tries?: number;
  readonly prepare?: (process: Mortal) => void;
}

/** Tells a story to its end. */
export async function tell(
  { settings, before, comes, orders = [], lastsMs }: Omit<DeliveryStory, 'ends'>,
  { orderedAfterMs = 0, tries = 0, prepare = () => undefined }: Telling = {},
): Promise<Outcome> {
  const plane = await DyingPlane.open(settings);
  const seen = (await before?.(plane)) ?? undefined;
  const { process } = plane;
  const callsBefore = process.calls;
  prepare(process);
  comes?.(plane);
  await plane.pass(orderedAfterMs);
  const asked = new Map(orders.map(({ who, order }) => [who, [plane.order(who, order, seen)]]));
  for (let passed = 0; passed < lastsMs && !process.dead; passed += lookMs) await plane.pass(lookMs);
  const calls = process.calls - callsBefore;
  plane.restart();
  for (const { who, order } of orders.slice(0, 1)) {
    for (let count = 0; count < tries; count++) {
      asked.get(who)!.push(plane.order(who, order, seen));
      await plane.pass(retryMs);
    }
  }
  await plane.pass(lastsMs);
  return {
    picture: await plane.picture(),
    heard: new Map([...asked].map(([who, tellings]) => [who, tellings.map(({ heard }) => heard)])),
    violations: [...plane.judge.violations.map(({ message }) => message), ...plane.agents.contradictions],
    calls,
  };
}

function wrongWith({ picture, heard, violations }: Outcome, undisturbed: readonly Outcome[], tries: number): string[] {
  const [first = []] = heard.values();
  const answers = first.flatMap((each) => (each && 'answer' in each ? [each.answer] : []));
  const isLike = (other: Outcome) =>
    isDeepStrictEqual(other.picture, picture) &&
    [...heard].every(([who, told]) =>
      told.every((each) => each === undefined || isSame(each, other.heard.get(who)?.[0])),
    );
  const isNever = ({ heard: others }: Outcome) => others.size === 0;
  const allowed = tries > 0 ? undisturbed.filter((each) => !isNever(each)) : undisturbed;
  const checks: readonly (readonly [boolean, string])[] = [
    [allowed.some(isLike), `it came out as ${picture.join('; ')}, and they heard ${JSON.stringify([...heard])}`],
    [tries === 0 || first.at(-1) !== undefined, 'whoever asked again was told nothing'],
    [
      answers.every((each) => isDeepStrictEqual(each, answers[0])),
      `one key was answered in ${JSON.stringify(answers)}`,
    ],
    [violations.length === 0, violations.join()],
  ];
  return checks.flatMap(([isRight, what]) => (isRight ? [] : [what]));
}

/** Yes is yes, whatever was made of it; each refusal is its own. */
function isSame(heard: NonNullable<Heard>, other: Heard): boolean {
  if (!other) return false;
  return 'refused' in heard ? 'refused' in other && heard.refused === other.refused : 'answer' in other;
}

/** Everybody in any order, each of them alone, and nobody. */
function sequencesOf(orders: readonly Ordering[]): readonly (readonly Ordering[])[] {
  const longer = orders.flatMap((first) =>
    sequencesOf(orders.filter((each) => each !== first)).map((rest) => [first, ...rest]),
  );
  return [[], ...longer];
}
