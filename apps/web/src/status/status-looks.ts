import type { Connection, HealthStatus, SyncStatus } from '@flotilla/model';
import type { IconName } from './status-icon.tsx';
import type { Tone } from './tones.ts';

/** How a status looks. Its word is the status itself. */
export interface StatusLook {
  readonly tone: Tone;
  readonly icon: IconName;
}

/** Does the cluster hold what Git says? Each look has a shape of its own, so that colour is never the only difference. */
export const syncLooks: Readonly<Record<SyncStatus, StatusLook>> = {
  Synced: { tone: 'good', icon: 'check' },
  OutOfSync: { tone: 'warn', icon: 'unequal' },
  Unknown: { tone: 'quiet', icon: 'question' },
};

/** Is what runs well? */
export const healthLooks: Readonly<Record<HealthStatus, StatusLook>> = {
  Healthy: { tone: 'good', icon: 'heart' },
  Progressing: { tone: 'busy', icon: 'turning' },
  Degraded: { tone: 'bad', icon: 'cross' },
  Suspended: { tone: 'quiet', icon: 'pause' },
  Missing: { tone: 'warn', icon: 'hole' },
  Unknown: { tone: 'quiet', icon: 'question' },
};

/** Is the cluster heard? */
export const connectionLooks: Readonly<Record<Connection, StatusLook>> = {
  Connected: { tone: 'good', icon: 'signal' },
  Ahead: { tone: 'bad', icon: 'unequal' },
  Lost: { tone: 'bad', icon: 'noSignal' },
  Pending: { tone: 'quiet', icon: 'clock' },
  Deaf: { tone: 'warn', icon: 'noSignal' },
  Revoked: { tone: 'bad', icon: 'noSignal' },
};

/** What a connection means, in a sentence. */
export const connectionMeanings: Readonly<Record<Connection, string>> = {
  Connected: 'its agent is heard',
  Ahead:
    'it holds a set that the control plane never issued, because its database was set back; nothing is sent until somebody runs: flotilla recover',
  Lost: 'its agent is not heard; the cluster goes on by itself with what it has',
  Pending: 'no agent has joined yet',
  Deaf: 'the control plane could not hear any cluster for a while, so nothing is said about this one',
  Revoked: 'its identities are revoked: it is neither heard nor sent anything until it joins again',
};
