/** The rows of a statement: TypeORM answers an UPDATE or DELETE with `[rows, count]`. */
export function rowsOf<Row>(result: unknown): Row[] {
  return (isCounted(result) ? result[0] : result) as Row[];
}

function isCounted(result: unknown): result is [unknown[], number] {
  return Array.isArray(result) && result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number';
}
