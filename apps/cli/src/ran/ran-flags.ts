import type { Command } from 'commander';

/** What commander reads of the flags that say where something ran. */
export interface PlaceOptions {
  readonly application?: string;
  readonly environment?: string;
  readonly cluster?: string;
}

export function declarePlace(command: Command): void {
  command
    .option('--application <name>', 'of one application')
    .option('--environment <name>', 'in one environment')
    .option('--cluster <name>', 'on one cluster');
}

export function placeOf({ application, environment, cluster }: PlaceOptions): PlaceOptions {
  return {
    ...(application !== undefined && { application }),
    ...(environment !== undefined && { environment }),
    ...(cluster !== undefined && { cluster }),
  };
}
