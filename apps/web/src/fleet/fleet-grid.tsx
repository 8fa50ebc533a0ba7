import { Link } from '@tanstack/react-router';
import { countKey } from '../live/live-key.ts';
import { Scroller } from '../notes/scroller.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { FleetSquare } from './fleet-square.tsx';
import type { FleetGridModel } from './fleet-grid-model.ts';
import styles from './fleet.module.css';

interface FleetGridProps {
  readonly grid: FleetGridModel;
  readonly revisions: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Applications against environments. */
export function FleetGrid({ grid: { environments, applications, squares }, revisions }: FleetGridProps) {
  return (
    <Scroller label="Applications by environment">
      <table className={styles.grid}>
        <thead>
          <tr>
            <th scope="col">Application</th>
            {environments.map((environment) => (
              <th key={environment} scope="col">
                <ForeignText text={environment} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {applications.map((application) => (
            <tr key={application}>
              <th scope="row">
                <Link to="/pipelines/$application" params={{ application }} className={styles.application}>
                  <ForeignText text={application} />
                </Link>
              </th>
              {environments.map((environment) => {
                const key = countKey(application, environment);
                return <FleetSquare key={environment} count={squares.get(key)} {...revisionOf(revisions.get(key))} />;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

/** As plain values, so that a square whose numbers did not change is not painted again. */
function revisionOf(revisions: ReadonlySet<string> = new Set()): { revision: string | undefined; revisions: number } {
  const [revision] = revisions;
  return { revision, revisions: revisions.size };
}
