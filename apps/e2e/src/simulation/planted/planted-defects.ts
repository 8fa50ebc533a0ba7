import { agentDefects } from './agent-defects.ts';
import { controlDefects } from './control-defects.ts';
import { deliveryDefects } from './delivery-defects.ts';
import { leaseDefects } from './lease-defects.ts';
import { lineDefects } from './line-defects.ts';
import type { FoundDefect } from './planted-defect.ts';
import { watchDefects } from './watch-defects.ts';

/** Defects that the simulation has to find, each with the first seed by which it does. */
export const plantedDefects: readonly FoundDefect[] = [
  ...agentDefects,
  ...leaseDefects,
  ...lineDefects,
  ...watchDefects,
  ...controlDefects,
  ...deliveryDefects,
];
