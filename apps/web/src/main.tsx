import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { assertThat } from '@flotilla/foundation';
import { App } from './app/app.tsx';
import { SessionStore } from './sign-in/session-store.ts';

const root = document.getElementById('root');
assertThat(root, 'index.html has a place for the page');

createRoot(root).render(
  <StrictMode>
    <App session={new SessionStore(sessionStorage)} fetch={await fetchOfThisPage()} />
  </StrictMode>,
);

/** The browser's own `fetch`; `--mode mock` makes a fleet up instead, and only that build contains one. */
async function fetchOfThisPage(): Promise<typeof globalThis.fetch> {
  if (import.meta.env.MODE !== 'mock') return globalThis.fetch.bind(globalThis);
  const { startMock } = await import('./mock/start-mock.ts');
  return startMock();
}
