import type { InMemorySources } from '@flotilla/agent/testing';
import type { Content } from './invariants.ts';

/** The one kind of object that runs are about: a ConfigMap with one value. */
export function manifest(name: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {value: ${value}}\n`;
}

/** What stands at a path in a commit. */
export function contentAt(sources: InMemorySources, revision: string, path: string): Content {
  const files = Object.entries(sources.filesAt(revision)).filter(([file]) => file.startsWith(`${path}/`));
  return Object.fromEntries(files.map(([file, text]) => [file.slice(path.length + 1, -'.yaml'.length), valueIn(text)]));
}

function valueIn(text: string): string {
  return /value: ([^}]+)\}/.exec(text)![1]!;
}
