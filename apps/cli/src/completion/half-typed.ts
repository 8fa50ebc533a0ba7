import { Command, type Option } from 'commander';
import { declareFlags } from '../flags.ts';
import type { Verb, VerbChapter, VerbEntry, VerbGroup } from '../program/verb.ts';

/** What the words before the cursor amount to. */
export interface HalfTyped {
  /** What may stand here when no verb has been chosen yet. */
  readonly verbs: readonly (VerbEntry | VerbGroup)[];
  readonly verb: Verb | undefined;
  readonly options: readonly Option[];
  /** The option whose value comes next. */
  readonly valueOf: Option | undefined;
  /** Arguments of the verb so far. */
  readonly args: readonly string[];
  /** What has been said with options so far, by their names in code. */
  readonly said: Readonly<Record<string, unknown>>;
}

/** Reads words that are not a whole call yet. It never fails: what is not understood is an argument. */
export async function readHalfTyped(chapters: readonly VerbChapter[], words: readonly string[]): Promise<HalfTyped> {
  let verbs: readonly (VerbEntry | VerbGroup)[] = chapters.flatMap((chapter) => chapter.verbs);
  let verb: Verb | undefined;
  let options = optionsOf(undefined);
  let valueOf: Option | undefined;
  const args: string[] = [];
  const said: Record<string, unknown> = {};
  for (const word of words) {
    if (valueOf) {
      said[valueOf.attributeName()] = word;
      valueOf = undefined;
    } else if (/^-./.test(word)) {
      const [name, value] = splitOption(word);
      const option = options.find(({ short, long }) => short === name || long === name);
      if (option && value !== undefined) said[option.attributeName()] = value;
      else if (option && (option.required || option.optional)) valueOf = option;
    } else if (verb) {
      args.push(word);
    } else {
      const entry = verbs.find(({ name }) => name === word);
      verbs = entry && 'verbs' in entry ? entry.verbs : [];
      if (!entry || !('load' in entry)) continue;
      verb = await entry.load();
      options = optionsOf(verb);
    }
  }
  return { verbs, verb, options, valueOf, args, said };
}

/** The options of a verb and those of every verb, as the parser will know them. */
function optionsOf(verb: Verb | undefined): readonly Option[] {
  const command = new Command();
  verb?.declare(command);
  declareFlags(command);
  return command.options;
}

function splitOption(word: string): [name: string, value: string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
