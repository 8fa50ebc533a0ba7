/** The command by which a person lets a source digest enter again; twelve characters tell one from the others. */
export function liftCommand(application: string, digest: string): string {
  return `flotilla quarantine lift ${application} ${digest.slice(0, 12)} --reason WHY`;
}
