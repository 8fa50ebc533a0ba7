import { Option } from 'commander';

/** The `-o` of verbs that write for a person unless they are told to write for a program. */
export function outputOption(...formats: readonly string[]): Option {
  return new Option('-o, --output <format>', 'for a program instead of a person').choices(formats);
}
