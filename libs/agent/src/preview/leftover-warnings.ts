import { objectTitle, type Reason } from '@flotilla/model';
import { takesMoreWithIt } from '../apply/prune-guard.ts';
import type { InventoryItem } from '../keep/target-record.ts';

/** What goes with an object when it goes. */
const lostWith: Readonly<Record<string, string>> = {
  CustomResourceDefinition: 'every object of its kind goes with it',
  PersistentVolumeClaim: 'the data behind it goes with it',
  PersistentVolume: 'the data behind it may go with it',
  Namespace: 'everything in it goes with it',
};

/** What Git of then does not hold: it stays where nothing is deleted, and takes more with it where it is. */
export function leftoverWarnings(leftovers: readonly InventoryItem[], prunes: boolean): Reason[] {
  return prunes ? leftovers.filter(takesMoreWithIt).map(goesWarning) : leftovers.map(staysWarning);
}

function goesWarning({ key }: InventoryItem): Reason {
  const message = `${objectTitle(key)}: it would be deleted, and ${lostWith[key.kind] ?? 'more goes with it'}; that waits for a person to approve it, and flotilla.dev/prune: never among its annotations keeps it`;
  return { code: 'TakesMoreWithIt', message };
}

function staysWarning({ key }: InventoryItem): Reason {
  const message = `${objectTitle(key)}: it came later and stays as it is, because going back deletes nothing; it goes once Git says so`;
  return { code: 'StaysBehind', message };
}
