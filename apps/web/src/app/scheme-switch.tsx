import { SegmentedControl, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';

const schemes: readonly MantineColorScheme[] = ['light', 'dark', 'auto'];

/** Light, dark, or whatever the system says. The browser remembers it. */
export function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      aria-label="Colour scheme"
      size="xs"
      value={colorScheme}
      data={schemes.map((value) => ({ value, label: value }))}
      onChange={(value) => setColorScheme(value)}
    />
  );
}
