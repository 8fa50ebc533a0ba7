export { InMemoryWorkTable } from './in-memory-work-table.ts';
export { workCases, type WorkCase, type WorkWorld } from './work-cases.ts';
