import type { Command } from 'commander';

/** What commander reads of the flags that name files. */
export interface FileOptions {
  readonly filename: readonly string[];
  readonly recursive?: boolean;
}

/** kubectl's `-f` and `-R`, the same wherever files are read. */
export function declareFiles(command: Command): Command {
  return command
    .requiredOption('-f, --filename <path>', 'a file, a folder, or - for what is sent in; repeatable', gathered)
    .option('-R, --recursive', 'folders inside folders as well');
}

function gathered(path: string, before: readonly string[] = []): string[] {
  return [...before, path];
}
