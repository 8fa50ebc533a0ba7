import type { RollbackPreviewView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import type { Reason } from '@flotilla/model';
import { Fact, Facts } from '../../notes/facts.tsx';
import { StatusIcon } from '../../status/status-icon.tsx';
import { Commit } from '../../text/commit.tsx';
import { ForeignText } from '../../text/foreign-text.tsx';
import { visibleText } from '../../text/visible-text.ts';
import { someText } from '../rollback-words.ts';
import cards from '../../notes/cards.module.css';
import styles from '../rollbacks.module.css';

type Place = RollbackPreviewView['places'][number];

/** One application in one environment: from what to what, who goes, and who does not. */
export function PreviewPlace({ place }: { readonly place: Place }) {
  const { application, environment, from, to, problem, warnings } = place;
  return (
    <li className={cards.card}>
      <div className={styles.placeHead}>
        <strong>
          <ForeignText text={application} /> in <ForeignText text={environment} />
        </strong>
        <span className={styles.way}>
          {from.map((revision) => (
            <Commit key={revision} id={revision} />
          ))}
          <StatusIcon name="arrow" />
          {to ? <Commit id={to.revision} /> : 'nowhere'}
        </span>
      </div>
      {problem && <Said tone="bad" icon="cross" reason={problem} />}
      {warnings.map((warning) => (
        <Said key={`${warning.code} ${warning.message}`} tone="warn" icon="alert" reason={warning} />
      ))}
      <PlaceFacts place={place} />
    </li>
  );
}

interface SaidProps {
  readonly tone: 'bad' | 'warn';
  readonly icon: 'cross' | 'alert';
  readonly reason: Reason;
}

function Said({ tone, icon, reason: { code, message } }: SaidProps) {
  return (
    <p className={styles.said} data-tone={tone}>
      <StatusIcon name={icon} />
      <span>
        <ForeignText text={code} />: <ForeignText text={message} />
      </span>
    </p>
  );
}

/** Who goes in which wave, and who is left where it is; what is nobody is left out. */
function PlaceFacts({ place: { waves, fetching, held, excluded, settings } }: { readonly place: Place }) {
  return (
    <Facts>
      {waves.map((wave) => (
        <Fact key={wave.name} name={visibleText(wave.name)}>
          <strong>{counted(wave.count, 'cluster')}</strong> <ForeignText text={someText(wave)} />
        </Fact>
      ))}
      {fetching.count > 0 && (
        <Fact name="Fetches first">
          <ForeignText text={someText(fetching)} />
        </Fact>
      )}
      {held.count > 0 && (
        <Fact name="Is there">
          <ForeignText text={someText(held)} />
        </Fact>
      )}
      {excluded.map(({ cluster, reason }) => (
        <Fact key={cluster} name="Passed by">
          <ForeignText text={`${cluster}: ${reason.message || reason.code}`} />
        </Fact>
      ))}
      {settings.length > 0 && (
        <Fact name="Settings">
          <ForeignText text={settings.join(', ')} />
        </Fact>
      )}
    </Facts>
  );
}
