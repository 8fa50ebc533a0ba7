import { getRouteApi } from '@tanstack/react-router';
import { defaultProject } from '@flotilla/model';

const root = getRouteApi('__root__');

/** The project that the address names. */
export function useProject(): string {
  return root.useSearch().project ?? defaultProject;
}
