import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSession } from '../sign-in/session-context.tsx';
import { SafeLink } from '../text/safe-link.tsx';
import { LineMarker } from './line-marker.tsx';
import { ProjectChoice } from './project-choice.tsx';
import { SchemeSwitch } from './scheme-switch.tsx';
import styles from './shell.module.css';

const pages = [
  { to: '/', name: 'Overview' },
  { to: '/pipelines', name: 'Pipelines' },
  { to: '/rollouts', name: 'Rollouts' },
  { to: '/rollbacks', name: 'Rollbacks' },
  { to: '/targets', name: 'Targets' },
  { to: '/clusters', name: 'Clusters' },
  { to: '/events', name: 'Events' },
  { to: '/dead-letters', name: 'Dead letters' },
] as const;

/** Where one is, where one can go, and whether what is shown is true now. */
export function Header() {
  const { signOut } = useSession();
  return (
    <header className={styles.header}>
      <Link to="/" className={styles.brand}>
        Flotilla
      </Link>
      <ProjectChoice />
      <nav aria-label="Pages" className={styles.pages}>
        {pages.map(({ to, name }) => (
          <Link key={to} to={to} className={styles.page} activeOptions={{ exact: to === '/', includeSearch: false }}>
            {name}
          </Link>
        ))}
      </nav>
      <div className={styles.tools}>
        <LineMarker />
        <SchemeSwitch />
        <SafeLink to={new URL('/api/openapi.json', location.origin).href} className={`${styles.page} ${styles.api}`}>
          API
        </SafeLink>
        <Button size="compact-xs" variant="default" onClick={signOut}>
          Sign out
        </Button>
      </div>
    </header>
  );
}
