import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { LiveProvider } from '../live/live-context.tsx';
import { SafeLink } from '../text/safe-link.tsx';
import { Header } from './header.tsx';
import { useProject } from './use-project.ts';
import styles from './shell.module.css';

/** What surrounds every page: the way past the header, the header, and the place where pages appear. */
export function Shell() {
  const project = useProject();
  const main = useRef<HTMLElement>(null);
  useFocusOnNewPage(main);
  return (
    <LiveProvider key={project} project={project}>
      <SafeLink to="#main" className={styles.skip}>
        Skip to the content
      </SafeLink>
      <Header />
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
    </LiveProvider>
  );
}

/** A new page begins at its content, for whoever moves by keyboard or listens. */
function useFocusOnNewPage(main: React.RefObject<HTMLElement | null>): void {
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname, main]);
}
