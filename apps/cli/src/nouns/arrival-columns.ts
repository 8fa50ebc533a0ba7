import { toneOf } from './cells.ts';
import type { Column } from './noun.ts';

interface HasArrival {
  readonly status: {
    readonly state: string;
    readonly arrived: number;
    readonly total: number;
    readonly failing: number;
  };
}

/** How far something has come that takes many targets somewhere. */
export const arrivalColumns: readonly Column<HasArrival>[] = [
  { header: 'STATE', text: ({ status }) => status.state, tone: ({ status }) => toneOf(status.state) },
  { header: 'ARRIVED', text: ({ status }) => `${status.arrived}/${status.total}` },
  {
    header: 'FAILING',
    text: ({ status }) => String(status.failing),
    tone: ({ status }) => (status.failing > 0 ? 'bad' : undefined),
  },
];
