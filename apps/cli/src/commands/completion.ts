import { Argument } from 'commander';
import { scripts, shells, type Shell } from '../completion/scripts.ts';
import { defineVerb } from '../program/verb.ts';

/** Writes the script that makes a shell complete verbs, options and names. */
export const completion = defineVerb({
  examples: [
    'completion bash > ~/.local/share/bash-completion/completions/flotilla',
    'completion zsh > "${fpath[1]}/_flotilla"',
    'completion fish | source',
  ],
  declare: (command) => void command.addArgument(new Argument('<shell>').choices(shells)),
  complete: async (_, args) => (args.length === 0 ? shells.map((text) => ({ text })) : []),
  run: async (session, [shell]) => session.print(scripts[shell as Shell]),
});
