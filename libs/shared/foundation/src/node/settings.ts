import { readFileSync } from 'node:fs';
import type { ZodType } from 'zod';
import { Fault } from '../fault.ts';

/**
 * Reads and checks a process's settings once, at its start. `NAME_FILE` stands in for `NAME`, so that secrets can come
 * from mounted files instead of the environment. Every wrong setting is named in one error, not the first only.
 */
export function readSettings<Settings>(schema: ZodType<Settings>, environment: NodeJS.ProcessEnv): Settings {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value === '') continue;
    if (name.endsWith('_FILE')) values[name.slice(0, -'_FILE'.length)] ??= readSecretFile(name, value);
    values[name] = value;
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

function readSecretFile(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch (cause) {
    const message = `${name} points to ${path}, which cannot be read: ${(cause as Error).message}`;
    throw new Fault({ code: 'invalid', reason: 'SettingsInvalid', message, cause });
  }
}
