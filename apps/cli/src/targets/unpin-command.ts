/** What lets go all that rollbacks hold in a place. */
export function unpinCommand({ application, environment }: Record<'application' | 'environment', string>): string {
  return `flotilla unpin application ${application} --environment ${environment} --reason WHY`;
}
