/** A row that was read of many applications at once. */
export interface OfApplication {
  readonly application: string;
}

/** What was read of many applications at once, by application, each row as it is told; their order stays. */
export function byApplication<Row extends OfApplication, Told>(
  rows: readonly Row[],
  tell: (row: Omit<Row, 'application'>) => Told,
): ReadonlyMap<string, readonly Told[]> {
  const groups = Map.groupBy(rows, ({ application }) => application);
  return new Map(
    Array.from(groups, ([application, group]) => [application, group.map(({ application: _, ...row }) => tell(row))]),
  );
}
