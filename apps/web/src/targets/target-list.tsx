import { Group, Stack, Text, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useConnections } from '../clusters/use-connections.ts';
import { counted } from '../fleet/count-words.ts';
import { useLive } from '../live/live-context.tsx';
import { EmptyNote } from '../notes/empty-note.tsx';
import { ShowMore } from '../notes/show-more.tsx';
import { WhenKnown } from '../notes/when-known.tsx';
import { TargetFilter } from './target-filter.tsx';
import { byPlace, matchesSearch } from './target-search.ts';
import { TargetTable } from './target-table.tsx';

const route = getRouteApi('/targets');

/** Targets, as many as the address asks for. */
export function TargetList() {
  const search = route.useSearch();
  const targets = useLive('target');
  const connections = useConnections();
  const all = useMemo(() => [...targets.items.values()].toSorted(byPlace), [targets.items]);
  const matching = useMemo(() => all.filter((target) => matchesSearch(target, search)), [all, search]);
  return (
    <Stack gap="md">
      <title>Targets · Flotilla</title>
      <Group justify="space-between" align="baseline">
        <Title order={1} size="h2">
          Targets
        </Title>
        {targets.known && (
          <Text size="sm" component="output">
            {matching.length === all.length
              ? counted(all.length, 'target')
              : `${matching.length.toLocaleString('en')} of ${counted(all.length, 'target')}`}
          </Text>
        )}
      </Group>
      <TargetFilter search={search} targets={all} />
      <WhenKnown what="targets" kinds={[targets]}>
        {all.length === 0 && <NoTargets />}
        {all.length > 0 && matching.length === 0 && (
          <EmptyNote title="No target matches">Take something out of the filter, or clear it, to see more.</EmptyNote>
        )}
        {matching.length > 0 && (
          <ShowMore items={matching} what="targets">
            {(shown) => <TargetTable targets={shown} connections={connections} />}
          </ShowMore>
        )}
      </WhenKnown>
    </Stack>
  );
}

function NoTargets() {
  return (
    <EmptyNote title="Nothing runs anywhere yet" command="flotilla get applications">
      A target appears for each cluster that an application&apos;s environment chooses by its labels.
    </EmptyNote>
  );
}
