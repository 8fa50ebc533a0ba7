import { Fault } from '@flotilla/foundation';
import { clusterNameLabel, labelsSchema, type Labels } from '@flotilla/model';

/** What `key=value` sets and `key-` takes away. */
export interface LabelChanges {
  readonly set: Labels;
  readonly remove: readonly string[];
}

/** Reads labels the way kubectl writes changes of them. */
export function readLabelChanges(texts: readonly string[]): LabelChanges {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const text of texts) {
    const [, removed] = /^([^=]+)-$/.exec(text) ?? [];
    const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (removed) remove.push(removed);
    else if (key) set[key] = value;
    else throw invalid(`\`${text}\` is no label; write key=value, or key- to take it away`);
  }
  if (Object.hasOwn(set, clusterNameLabel) || remove.includes(clusterNameLabel)) {
    throw invalid(`label ${clusterNameLabel} is the name of the cluster, and stays`);
  }
  return { set: checked(set), remove };
}

/** Reads `a=b,c=d`, where nothing can be taken away. */
export function readLabels(text: string): Labels {
  const { set, remove } = readLabelChanges(text.split(','));
  if (remove.length === 0) return set;
  throw invalid(`\`${remove[0]}-\` takes a label away, and there is none yet`);
}

/** The labels after the changes. A value that is there already is replaced only when somebody says so, as in kubectl. */
export function changeLabels(
  labels: Labels,
  { set, remove }: LabelChanges,
  { overwrite }: { readonly overwrite: boolean },
): Labels {
  const taken = Object.keys(set).find((key) => labels[key] !== undefined && labels[key] !== set[key]);
  if (taken !== undefined && !overwrite) {
    const message = `label ${taken} is ${labels[taken]} already; say --overwrite to change it`;
    throw new Fault({ code: 'conflict', reason: 'LabelTaken', message });
  }
  const kept = Object.entries(labels).filter(([key]) => !remove.includes(key));
  return { ...Object.fromEntries(kept), ...set };
}

function checked(labels: Labels): Labels {
  const read = labelsSchema.safeParse(labels);
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  // What is wrong with a key stands one level deeper than what is wrong with a value.
  const { message } = issue.code === 'invalid_key' ? issue.issues[0]! : issue;
  throw invalid(`label ${issue.path.join('.')}: ${message}`);
}

function invalid(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'LabelInvalid', message });
}
