import type { DocumentPlanView } from '@flotilla/contracts';
import { structured } from '../output/structured.ts';
import type { Session } from '../session.ts';
import { nameOfChange } from './plan-text.ts';

export interface PrintPlanOptions {
  readonly output: 'json' | 'yaml' | 'name' | undefined;
  /** Writes it for a person. */
  readonly text: (plan: DocumentPlanView) => string;
}

/** A plan in the form that was asked for. */
export async function printPlan(
  session: Session,
  plan: DocumentPlanView,
  { output, text }: PrintPlanOptions,
): Promise<void> {
  if (output === undefined) session.print(text(plan));
  else if (output === 'name') session.print(plan.changes.map((change) => `${nameOfChange(change)}\n`).join(''));
  else session.printExact(await structured(plan, output));
}
