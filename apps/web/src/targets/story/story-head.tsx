import { Group, Stack, Title } from '@mantine/core';
import type { TargetStoryView } from '@flotilla/contracts';
import { Notice } from '../../notes/notice.tsx';
import { Since } from '../../notes/since.tsx';
import { Trail } from '../../notes/trail.tsx';
import { ConnectionBadge, HealthBadge, SyncBadge } from '../../status/status-badge.tsx';
import { healthLooks } from '../../status/status-looks.ts';
import { Age } from '../../text/age.tsx';
import { ForeignText } from '../../text/foreign-text.tsx';
import { visibleText } from '../../text/visible-text.ts';

/** Who it is and how it is; and, before anything else, whether somebody stopped it. */
export function StoryHead({ story: { metadata, spec, status } }: { readonly story: TargetStoryView }) {
  return (
    <Stack gap="sm">
      <title>{visibleText(`${metadata.name} · Flotilla`)}</title>
      <Trail to="/targets" list="Targets" name={metadata.name} />
      <Title order={1} size="h2">
        <ForeignText text={spec.application} /> in <ForeignText text={spec.environment} /> on{' '}
        <ForeignText text={spec.cluster} />
      </Title>
      <Group gap="md">
        <SyncBadge status={status.sync} />
        <HealthBadge status={status.health} />
        {status.connection !== 'Connected' && <ConnectionBadge connection={status.connection} />}
        <Since at={status.since} />
      </Group>
      {spec.suspended && <SuspendedBanner {...spec.suspended} />}
      {spec.intent !== 'run' && <LeavingBanner intent={spec.intent} />}
      {status.reason && (
        <Notice {...healthLooks[status.health]} title={<ForeignText text={status.reason.code} />}>
          <ForeignText text={status.reason.message} />
        </Notice>
      )}
    </Stack>
  );
}

function SuspendedBanner({
  by,
  reason,
  since,
}: {
  readonly by: string;
  readonly reason: string;
  readonly since: string;
}) {
  return (
    <Notice tone="warn" icon="pause" title="Suspended: nothing is written to this target">
      <span>
        <ForeignText text={by} />, <Age at={since} inFocusOrder />: <ForeignText text={reason} />
      </span>
    </Notice>
  );
}

function LeavingBanner({ intent }: { readonly intent: 'orphan' | 'delete' }) {
  const fate = intent === 'delete' ? 'its objects are being deleted' : 'its objects stay where they are';
  return <Notice tone="warn" icon="hole" title={`This target is leaving its cluster; ${fate}.`} />;
}
