import { join } from 'node:path';

const root = new URL('../../../..', import.meta.url).pathname;

/** The built entry point of an app of this tree. */
export function program(app: string, file = 'main.js'): string {
  return join(root, 'apps', app, 'dist', file);
}

export const webDirectory = join(root, 'apps', 'web', 'dist');

/** The demo's own folder when none is given. */
export const defaultDataDirectory = join(root, '.flotilla');

/** What every process of the demo inherits: nothing of ours but where to find programs. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, TZ, OTEL_EXPORTER_OTLP_ENDPOINT, LOG_LEVEL } = process.env;
  return {
    ...(PATH && { PATH }),
    ...(HOME && { HOME }),
    ...(LANG && { LANG }),
    ...(TZ && { TZ }),
    ...(OTEL_EXPORTER_OTLP_ENDPOINT && { OTEL_EXPORTER_OTLP_ENDPOINT }),
    ...(LOG_LEVEL && { LOG_LEVEL }),
    NODE_ENV: 'production',
  };
}
