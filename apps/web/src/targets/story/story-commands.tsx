import { Stack } from '@mantine/core';
import { Section } from '../../notes/section.tsx';
import { CopyCommand } from '../../text/copy-command.tsx';
import { shellWord } from '../../text/shell-word.ts';

const verbs = ['explain', 'diff', 'sync'] as const;

/** The same and more at a terminal: the page itself changes nothing. */
export function StoryCommands({ name }: { readonly name: string }) {
  return (
    <Section title="On the command line">
      <Stack gap={6}>
        {verbs.map((verb) => (
          <CopyCommand key={verb} command={`flotilla ${verb} target ${shellWord(name)}`} />
        ))}
      </Stack>
    </Section>
  );
}
