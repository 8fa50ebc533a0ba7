import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { SessionProvider } from '../sign-in/session-context.tsx';
import type { SessionStore } from '../sign-in/session-store.ts';
import { router } from './router.tsx';
import { theme, themeVariables } from './theme.ts';

interface AppProps {
  readonly session: SessionStore;
  /** How the page reaches the control plane: the browser's own, or one that makes a fleet up. */
  readonly fetch: typeof globalThis.fetch;
}

/** The page: its looks, who uses it, and where they are. */
export function App({ session, fetch }: AppProps) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={themeVariables} defaultColorScheme="auto">
      <SessionProvider store={session} fetch={fetch}>
        <RouterProvider router={router} />
      </SessionProvider>
    </MantineProvider>
  );
}
