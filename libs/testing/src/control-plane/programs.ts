import { join } from 'node:path';

const root = new URL('../../../..', import.meta.url).pathname;

/** The built entry point of an app of this tree. */
export function program(app: string, file = 'main.js'): string {
  return join(root, 'apps', app, 'dist', file);
}

/** The built page. */
export const webDirectory = join(root, 'apps', 'web', 'dist');

/** A place in the checkout that git does not see. */
export const checkoutDataDirectory = join(root, '.flotilla');

/** What every process that we start inherits: where to find programs, and nothing else of ours. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TZ, OTEL_EXPORTER_OTLP_ENDPOINT, LOG_LEVEL } = process.env;
  const kept = { PATH, HOME, LANG, TZ, OTEL_EXPORTER_OTLP_ENDPOINT, LOG_LEVEL };
  return { ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value)), NODE_ENV: 'production' };
}
