import { Button, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { StatusIcon, type IconName } from '../status/status-icon.tsx';

interface Scheme {
  readonly icon: IconName;
  readonly next: MantineColorScheme;
}

const schemes: Readonly<Record<MantineColorScheme, Scheme>> = {
  auto: { icon: 'halfMoon', next: 'light' },
  light: { icon: 'sun', next: 'dark' },
  dark: { icon: 'moon', next: 'auto' },
};

/** Whatever the system says, light, dark: each press goes one on. The browser remembers it. */
export function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { icon, next } = schemes[colorScheme];
  return (
    <Button
      size="compact-xs"
      variant="default"
      leftSection={<StatusIcon name={icon} />}
      aria-label={`Colour scheme: ${colorScheme}. Change to ${next}`}
      onClick={() => setColorScheme(next)}
    >
      {colorScheme}
    </Button>
  );
}
