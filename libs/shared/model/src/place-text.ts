/** Where a release would go on: `production`, or `wave rest of production`. */
export function placeText(environment: string, wave: string | undefined): string {
  return wave === undefined ? environment : `wave ${wave} of ${environment}`;
}
