/** One query, and what its lines are called. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** One picture, as a person thinks of it. */
export interface Panel {
  readonly title: string;
  /** What it tells, and when to worry. */
  readonly help: string;
  readonly unit: 's' | 'bytes' | 'short' | 'percentunit' | 'reqps' | 'dateTimeFromNow';
  readonly queries: readonly Query[];
  /** A number is read at a glance; lines show how it came to that. */
  readonly shape: 'lines' | 'stacked' | 'number';
  /** From here on it is drawn in red. */
  readonly worry?: number;
}

/** A page of pictures, in rows that are named by a question. */
export interface Dashboard {
  readonly file: string;
  readonly title: string;
  readonly rows: readonly { readonly question: string; readonly panels: readonly Panel[] }[];
}

const columns = 24;

/** A dashboard as Grafana takes it. The data source is chosen by whoever looks. */
export function grafanaJson({ file, title, rows }: Dashboard): object {
  let [id, y] = [0, 0];
  const panels: object[] = [];
  for (const { question, panels: inRow } of rows) {
    panels.push({
      id: ++id,
      type: 'row',
      title: question,
      collapsed: false,
      panels: [],
      gridPos: place(0, y++, columns, 1),
    });
    const width = columns / inRow.length;
    const height = inRow.every(({ shape }) => shape === 'number') ? 4 : 8;
    for (const [index, panel] of inRow.entries()) {
      panels.push({ id: ++id, ...grafanaPanel(panel), gridPos: place(index * width, y, width, height) });
    }
    y += height;
  }
  return {
    uid: `flotilla-${file}`,
    title,
    tags: ['flotilla'],
    schemaVersion: 41,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: { list: [{ name: 'source', label: 'Prometheus', type: 'datasource', query: 'prometheus' }] },
    panels,
  };
}

const source = { type: 'prometheus', uid: '${source}' };

function grafanaPanel({ title, help, unit, queries, shape, worry }: Panel): object {
  const steps = [{ color: 'green', value: null }, ...(worry === undefined ? [] : [{ color: 'red', value: worry }])];
  const custom = {
    fillOpacity: shape === 'stacked' ? 40 : 5,
    ...(shape === 'stacked' && { stacking: { mode: 'normal' } }),
  };
  return {
    type: shape === 'number' ? 'stat' : 'timeseries',
    title,
    description: help,
    datasource: source,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCodePoint(65 + index),
      datasource: source,
      expr,
      legendFormat: legend,
    })),
    fieldConfig: { defaults: { unit, min: 0, thresholds: { mode: 'absolute', steps }, custom }, overrides: [] },
  };
}

function place(x: number, y: number, w: number, h: number): object {
  return { x, y, w, h };
}
