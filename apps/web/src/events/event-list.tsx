import { Table } from '@mantine/core';
import { memo, useMemo } from 'react';
import type { EventView } from '@flotilla/contracts';
import { useLive } from '../live/live-context.tsx';
import { DataTable } from '../notes/data-table.tsx';
import { EmptyNote } from '../notes/empty-note.tsx';
import { TitledPage } from '../notes/titled-page.tsx';
import { WhenKnown } from '../notes/when-known.tsx';
import { WordsCell } from '../notes/words-cell.tsx';
import { Age } from '../text/age.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { newestFirst } from './newest-first.ts';

const columns = ['When', 'Who', 'What', 'On', 'Message'];

/** Who did what, newest first, as the ledger has it. */
export function EventList() {
  const events = useLive('event');
  const newest = useMemo(() => newestFirst(events.items.values()), [events.items]);
  return (
    <TitledPage title="Events">
      <WhenKnown what="events" kinds={[events]}>
        {newest.length === 0 ? (
          <EmptyNote title="Nothing has happened yet">Every order and every rollout leaves a line here.</EmptyNote>
        ) : (
          <DataTable label="List of events" columns={columns}>
            {newest.map((event) => (
              <EventRow key={event.id} event={event} />
            ))}
          </DataTable>
        )}
      </WhenKnown>
    </TitledPage>
  );
}

const EventRow = memo(function EventRow({ event }: { readonly event: EventView }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Age at={event.at} />
      </Table.Td>
      <Table.Td>
        <ForeignText text={event.actor} />
      </Table.Td>
      <Table.Td>
        <ForeignText text={event.action} />
      </Table.Td>
      <Table.Td>
        <ForeignText text={event.subject} />
      </Table.Td>
      <WordsCell text={event.message} />
    </Table.Tr>
  );
});
