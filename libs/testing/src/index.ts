export { findNatsServer } from './nats/nats-binary.ts';
export { startNatsServer, type NatsServer, type NatsServerOptions } from './nats/nats-server.ts';
export { startPostgres, type PostgresOptions, type PostgresServer } from './postgres/postgres-server.ts';
export { startChild, type Child, type ChildOptions } from './process/child.ts';
export { freePort } from './process/ports.ts';
export { until, type UntilOptions } from './process/until.ts';
