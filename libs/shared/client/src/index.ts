export { ApiFault, FlotillaClient, type FlotillaClientOptions } from './flotilla-client.ts';
export { followChanges, type FollowEvent, type FollowOptions } from './follow-changes.ts';
