import { dirname, isAbsolute, join } from 'node:path';
import { Fault, nearest } from '@flotilla/foundation';
import type { PlainValue } from './plain-yaml.ts';

/** The fields of one map in a kubeconfig. */
export type Fields = Readonly<Record<string, PlainValue>>;

/** The one cluster and user that a context names. */
export interface ChosenContext {
  readonly name: string;
  readonly cluster: Fields;
  readonly user: Fields;
  readonly namespace: string | undefined;
}

/** Picks a context, the current one when none is named, and looks up what it points to. */
export function chooseContext(document: PlainValue, file: string, wanted?: string): ChosenContext {
  const config = fieldsOf(document);
  const name = wanted ?? textField(config, 'current-context');
  if (!name) throw wrong(file, 'it has no current context; name one');
  const context = named(config, { list: 'contexts', field: 'context', name, file });
  const cluster = named(config, {
    list: 'clusters',
    field: 'cluster',
    name: textField(context, 'cluster') ?? '',
    file,
  });
  const userName = textField(context, 'user');
  const user = userName ? named(config, { list: 'users', field: 'user', name: userName, file }) : {};
  return { name, cluster, user, namespace: textField(context, 'namespace') };
}

export function textField(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Paths in a kubeconfig are relative to the file itself. */
export function pathField(fields: Fields, name: string, file: string): string | undefined {
  const path = textField(fields, name);
  return path === undefined || isAbsolute(path) ? path : join(dirname(file), path);
}

export function fieldsOf(value: PlainValue | undefined): Fields {
  return value && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {};
}

export function wrong(file: string, why: string, cause?: unknown): Fault {
  return new Fault({ code: 'invalid', reason: 'KubeconfigInvalid', message: `the kubeconfig ${file}: ${why}`, cause });
}

interface Lookup {
  readonly list: string;
  readonly field: string;
  readonly name: string;
  readonly file: string;
}

function named(config: Fields, { list, field, name, file }: Lookup): Fields {
  const entries = (Array.isArray(config[list]) ? config[list] : []).map((entry) => fieldsOf(entry));
  const found = entries.find((entry) => entry['name'] === name);
  if (found) return fieldsOf(found[field]);
  const names = entries.flatMap((entry) => textField(entry, 'name') ?? []);
  const near = nearest(name, names);
  throw wrong(file, `it has no ${field} \`${name}\`${near ? `; did you mean \`${near}\`?` : ''}`);
}
