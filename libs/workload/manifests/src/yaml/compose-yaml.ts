import { Composer, CST, Parser, type Document, type ErrorCode, type ParsedNode, type YAMLParseError } from 'yaml';
import { done, refused, type Outcome } from '@flotilla/foundation';
import { limits } from './limits.ts';

/** What is wrong at one place of a text. The message never repeats a value: it may be a secret. */
export interface Trouble {
  readonly offset: number;
  readonly message: string;
}

const troublesMax = 20;

/**
 * The full parser: the tree of one document with the place of every node, or everything that is wrong with it. Scalars
 * stay the text that they are, because what they mean is ours to say. Depth is checked before anything recursive runs.
 */
export function composeYaml(text: string): Outcome<ParsedNode | null, readonly Trouble[]> {
  if (seemsBottomless(text)) return refused([tooDeep(0)]);
  const tokens = [...new Parser().parse(text)];
  const deep = tokens.map(firstTooDeep).find((token) => token !== undefined);
  if (deep) return refused([tooDeep(deep.offset)]);
  const composer = new Composer({ schema: 'failsafe', resolveKnownTags: false, uniqueKeys: false, logLevel: 'silent' });
  const documents = [...composer.compose(tokens, true, text.length)] as Document.Parsed[];
  const troubles = documents.flatMap(({ errors }) => errors.slice(0, troublesMax).map(troubleOf));
  if (documents.length > 1) troubles.push({ offset: documents[1]!.range[0], message: 'nothing may follow `...`' });
  return troubles.length > 0 ? refused(troubles.slice(0, troublesMax)) : done(documents[0]!.contents);
}

/** The parser's own words, except where they are hard to act on, or quote the text: that may be a part of a secret. */
function troubleOf({ pos, code, message }: YAMLParseError): Trouble {
  return { offset: Math.max(0, pos[0]), message: clearWords.get(code) ?? message };
}

const clearWords = new Map<ErrorCode, string>([
  ['UNEXPECTED_TOKEN', 'this does not belong here; look at the indentation and quotes of this line and the one above'],
  ['BAD_DQ_ESCAPE', 'there is no such escape sequence; for a backslash write `\\\\`'],
  ['TAB_AS_INDENT', 'a tab cannot indent YAML; use spaces'],
  ['TAG_RESOLVE_FAILED', '`!` begins a tag that cannot be read; if it is text, put quotes around it'],
]);

function tooDeep(offset: number): Trouble {
  return { offset, message: `is nested deeper than ${limits.depthMax} levels` };
}

/**
 * A glance that costs nothing: brackets without end, or one line of dashes. It does not know what is inside a text, so
 * its bound is far above the real one, which `firstTooDeep` applies.
 */
function seemsBottomless(text: string): boolean {
  const max = limits.depthMax * 10;
  let brackets = 0;
  let dashes = 0;
  for (let at = 0; at < text.length; at++) {
    const found = text.charCodeAt(at);
    if (found === 91 || found === 123) brackets++;
    else if (found === 93 || found === 125) brackets--;
    else if (found === 45 || found === 63) dashes++;
    else if (found !== 32) dashes = 0;
    if (brackets > max || dashes > max) return true;
  }
  return false;
}

/** Looks without recursion: the next step is recursive, and must not be the one to find out. */
function firstTooDeep(root: CST.Token): CST.Token | undefined {
  const open: { token: CST.Token; depth: number }[] = [{ token: root, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.depth > limits.depthMax) return next.token;
    for (const token of childrenOf(next.token)) open.push({ token, depth: next.depth + 1 });
  }
  return undefined;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!CST.isCollection(token)) return [];
  const items: readonly CST.CollectionItem[] = token.items;
  return items.flatMap(({ key, value }) => [key, value].filter((part) => part !== undefined && part !== null));
}
