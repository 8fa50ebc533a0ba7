import { done, refused, type Outcome } from '@flotilla/foundation';
import { nameSchema, readGoal, rollbackSelectionSchema, type RollbackSelection } from '@flotilla/model';
import { goalDefault, type RollbackSearch } from '../rollback-search.ts';

/** A question that the control plane can be asked. */
export interface RollbackQuestion {
  readonly selection: RollbackSelection;
  readonly to: string;
}

/** The question that an address asks, or what is missing from it. */
export function questionOf({ to = goalDefault, ...search }: RollbackSearch): Outcome<RollbackQuestion, string> {
  const named = Object.entries(search).filter(([, value]) => value !== undefined);
  if (named.length === 0) return refused('Choose what goes back: at least one of these.');
  const wrong = (['application', 'environment', 'cluster'] as const).find(
    (part) => search[part] !== undefined && !nameSchema.safeParse(search[part]).success,
  );
  if (wrong) return refused(`The ${wrong} is no name: small letters, digits and hyphens.`);
  const selection = rollbackSelectionSchema.safeParse(Object.fromEntries(named));
  if (!selection.success) return refused(sentence(selection.error.issues[0]!));
  const goal = readGoal(to);
  return goal.ok ? done({ selection: selection.data, to }) : refused(`Go back to: ${goal.reason}.`);
}

function sentence({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  const [part = 'selection'] = path.map(String);
  return `${part.charAt(0).toUpperCase()}${part.slice(1)} ${message}.`;
}
