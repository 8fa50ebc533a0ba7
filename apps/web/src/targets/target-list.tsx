import { Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { TargetView } from '@flotilla/contracts';
import { counted } from '@flotilla/foundation';
import { useConnections } from '../clusters/use-connections.ts';
import { environmentOrder } from '../fleet/environment-order.ts';
import { useLive } from '../live/live-context.tsx';
import { EmptyNote } from '../notes/empty-note.tsx';
import { ShowMore } from '../notes/show-more.tsx';
import { TitledPage } from '../notes/titled-page.tsx';
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
  const environments = useEnvironments(targets.items);
  const all = useMemo(() => [...targets.items.values()].toSorted(byPlace(environments)), [targets.items, environments]);
  const matching = useMemo(() => all.filter((target) => matchesSearch(target, search)), [all, search]);
  return (
    <TitledPage title="Targets" beside={targets.known && <Shown matching={matching.length} all={all.length} />}>
      <TargetFilter search={search} targets={all} environments={environments} />
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
    </TitledPage>
  );
}

function Shown({ matching, all }: { readonly matching: number; readonly all: number }) {
  return (
    <Text size="sm" component="output">
      {matching === all ? counted(all, 'target') : `${matching.toLocaleString('en')} of ${counted(all, 'target')}`}
    </Text>
  );
}

/** The environments of the targets, in the order of the pipelines. */
function useEnvironments(targets: ReadonlyMap<string, TargetView>): readonly string[] {
  const { items: documents } = useLive('document');
  return useMemo(() => {
    const seen = [...targets.values()].map(({ spec }) => spec.environment);
    return environmentOrder([...documents.values()], seen);
  }, [documents, targets]);
}

function NoTargets() {
  return (
    <EmptyNote title="Nothing runs anywhere yet" command="flotilla get applications">
      A target appears for each cluster that an application&apos;s environment chooses by its labels.
    </EmptyNote>
  );
}
