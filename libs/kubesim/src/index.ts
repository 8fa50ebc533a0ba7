export { builtinTypes } from './schema/builtin.ts';
export { manageApply, manageUpdate } from './fields/field-manager.ts';
