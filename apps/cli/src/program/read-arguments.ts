/**
 * Takes what kubectl's users type by habit for what they mean: `-o=json` is `-o json`, `help get` is `get --help`, and
 * nothing at all is a question for help.
 */
export function readArguments(args: readonly string[]): string[] {
  if (args.length === 0) return ['--help'];
  const [first, ...rest] = args;
  if (first === 'help') return [...rest, '--help'];
  // Words to complete are somebody's half-typed call, not ours.
  if (first === '__complete') return [first, '--', ...rest];
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  return args.flatMap((arg, index) => {
    const [, flag, value] = /^(-[a-zA-Z])=(.*)$/s.exec(arg) ?? [];
    return flag && index < end ? [flag, value!] : [arg];
  });
}
