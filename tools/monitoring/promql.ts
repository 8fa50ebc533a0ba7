/** A series that an expression asks for: its name, and what it wants of the labels. */
export interface Selector {
  readonly name: string;
  readonly labels: readonly { readonly label: string; readonly words: readonly string[] }[];
}

/** What an expression of Prometheus stands on. */
export interface Expression {
  readonly selectors: readonly Selector[];
  /** Labels by which it groups or joins. */
  readonly grouping: readonly string[];
}

const keywords = new Set(['and', 'or', 'unless', 'offset', 'bool', 'inf', 'nan']);
const clause = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const matcher = /(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g;

/** Reads names out of an expression. It is no parser: promtool is, where it is at hand. */
export function readExpression(text: string): Expression {
  const grouping = [...text.matchAll(clause)].flatMap(([, labels]) => labels!.split(',').map((label) => label.trim()));
  const bare = text.replaceAll(clause, ' ').replaceAll(/\[[^\]]*\]|\boffset\s+\w+/g, ' ');
  const found = bare.matchAll(/(?<![\w.])([a-zA-Z_]\w*)\s*(\{[^}]*\}|\()?/g);
  const selectors = [...found].flatMap(([, name, follows = '']) =>
    follows === '(' || keywords.has(name!) ? [] : [{ name: name!, labels: labelsIn(follows) }],
  );
  return { selectors, grouping: grouping.filter(Boolean) };
}

function labelsIn(braces: string): Selector['labels'] {
  return [...braces.matchAll(matcher)].map(([, label, words]) => ({
    label: label!,
    words: words!.split('|').filter((word) => /^[\w/ .-]+$/.test(word)),
  }));
}
