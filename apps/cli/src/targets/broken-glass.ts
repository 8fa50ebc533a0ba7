import { breakGlassDefault } from '@flotilla/model';
import { InputFault } from '../program/input-fault.ts';

/** What an order says of the glass. */
export interface GlassOptions {
  readonly breakGlass?: boolean;
  readonly for?: string;
}

/** For how long the glass is broken; nothing where it is not. */
export function brokenFor({ breakGlass = false, for: lasting }: GlassOptions): string | undefined {
  if (breakGlass) return lasting ?? breakGlassDefault;
  if (lasting === undefined) return undefined;
  const message = 'is for how long the glass stays broken; say --break-glass as well';
  throw new InputFault([{ path: '--for', message }]);
}
