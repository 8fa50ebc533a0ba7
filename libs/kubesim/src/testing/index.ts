export type {
  ConformanceAnswer,
  ConformanceApi,
  ConformanceRequest,
  WatchEvent,
} from '../conformance/conformance-api.ts';
export type { ConformanceCase } from '../conformance/conformance-case.ts';
export { conformanceCases } from '../conformance/conformance-cases.ts';
