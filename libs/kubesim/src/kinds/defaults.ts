import type { JsonDraft } from '../schema/schema-type.ts';
import { coreDefaults } from './core/core-defaults.ts';
import type { DefaultsTable } from './defaults-table.ts';
import { podDefaults } from './pods/pod-defaults.ts';
import { policyDefaults } from './policy/policy-defaults.ts';
import { workloadDefaults } from './workloads/workload-defaults.ts';

const table: DefaultsTable = { ...podDefaults, ...workloadDefaults, ...coreDefaults, ...policyDefaults };

/** The defaults of one type, by its name in the schema file. */
export function defaultsOf(typeName: string): ((draft: JsonDraft) => void) | undefined {
  return table[typeName];
}
