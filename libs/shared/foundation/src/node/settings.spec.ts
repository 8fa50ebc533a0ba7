import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toFault } from '../fault.ts';
import { readSettings } from './settings.ts';

type Environment = Record<string, string>;

const schema = z.object({
  TOKEN: z.string(),
  PORT: z.coerce.number().int().max(65_535).default(8080),
  URL: z.url().optional(),
});

describe('settings', () => {
  let directory: string;
  let file: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'settings-'));
    file = join(directory, 'token');
    writeFileSync(file, 'from the file\n');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('come from the environment, with their defaults', () => {
    expect(read({ TOKEN: 't', PORT: '80', OTHER: 'x' })).toEqual({ TOKEN: 't', PORT: 80 });
    expect(read({ TOKEN: 't', PORT: '', URL: '' })).toEqual({ TOKEN: 't', PORT: 8080 });
  });

  it('come from a file that NAME_FILE names, unless NAME itself is there', () => {
    expect(read({ TOKEN_FILE: file }).TOKEN).toBe('from the file');
    expect(read({ TOKEN_FILE: file, TOKEN: 'direct' }).TOKEN).toBe('direct');
    expect(read({ TOKEN: 'direct', TOKEN_FILE: file }).TOKEN).toBe('direct');
  });

  it('are not troubled by files that belong to others', () => {
    expect(read({ TOKEN: 't', SSL_CERT_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: directory }).TOKEN).toBe('t');
  });

  it('name everything that is wrong at once, and never a value', () => {
    const message = messageOf({ PORT: '70000', URL: 'canary' });
    expect(message).toMatch(/TOKEN: .+; PORT: .+; URL: .+/);
    expect(message).not.toContain('canary');
    expect(messageOf({ TOKEN_FILE: '/nowhere' })).toContain('TOKEN_FILE points to /nowhere');
  });
});

function read(environment: Environment) {
  return readSettings(schema, environment);
}

function messageOf(environment: Environment): string {
  try {
    read(environment);
    return 'nothing was wrong';
  } catch (error) {
    return toFault(error).message;
  }
}
