import { readFileSync } from 'node:fs';
import type { ZodType } from 'zod';
import { Fault } from '../fault.ts';

/** A schema that can name its settings: nothing else of the environment is looked at. */
export type SettingsSchema<Settings> = ZodType<Settings> & { readonly shape: Readonly<Record<string, unknown>> };

/**
 * Reads and checks a process's settings once, at its start. `NAME_FILE` stands in for `NAME`, so that secrets can come
 * from mounted files instead of the environment. Every wrong setting is named in one error, not the first only.
 */
export function readSettings<Settings>(schema: SettingsSchema<Settings>, environment: NodeJS.ProcessEnv): Settings {
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = environment[name] || readSecretFile(`${name}_FILE`, environment[`${name}_FILE`]);
    if (value) values[name] = value;
  }
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Fault({
    code: 'invalid',
    reason: 'SettingsInvalid',
    message: `the environment is not complete: ${problems.join('; ')}`,
  });
}

function readSecretFile(name: string, path: string | undefined): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch (cause) {
    const message = `${name} points to ${path}, which cannot be read: ${(cause as Error).message}`;
    throw new Fault({ code: 'invalid', reason: 'SettingsInvalid', message, cause });
  }
}
