export { runHandlers } from './run-handlers.ts';
export { runNest, type RunNestOptions } from './run-nest.ts';
export { runService, type ServiceDefinition } from './run-service.ts';
export { ServiceHealth, type HealthCheck } from './service-health.ts';
export {
  retentionSetting,
  secretSetting,
  serviceSettings,
  userCredentialsSetting,
  type ServiceSettings,
} from './service-settings.ts';
export { type Service } from './service.ts';
export { sweepTables, type SweepingService } from './sweep-tables.ts';
export { version } from './version.ts';
