type Schema = Readonly<Record<string, unknown>>;

/**
 * What a change of a shape breaks for the version before it, which may be on either side of the wire: everything that was
 * said of a field stays as it was, no field becomes needed, and what is new may be left out. A further question may come:
 * only an agent that names it is asked. Shapes are JSON schemas.
 */
export function schemaBreaks(before: unknown, after: unknown, path = '$'): string[] {
  if (Array.isArray(before) && Array.isArray(after)) {
    const isMore = after.length > before.length && path.endsWith('.question.oneOf');
    const tail =
      after.length === before.length || isMore ? [] : [`${path}: has ${after.length} instead of ${before.length}`];
    return [...before.flatMap((each, index) => schemaBreaks(each, after[index], `${path}[${index}]`)), ...tail];
  }
  if (isSchema(before) && isSchema(after)) return objectBreaks(before, after, path);
  return before === after ? [] : [`${path}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`];
}

function objectBreaks(before: Schema, after: Schema, path: string): string[] {
  const isShape = path.endsWith('.properties');
  const added = Object.keys(after).filter((key) => !(key in before));
  return [
    ...Object.entries(before).flatMap(([key, value]) => {
      if (!(key in after)) return [`${path}.${key}: is gone`];
      return schemaBreaks(value, after[key], `${path}.${key}`);
    }),
    // A field may come, as `required` says that it need not; a new rule for an old field may not.
    ...(isShape ? [] : added.map((key) => `${path}.${key}: is new`)),
  ];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
