export { ApiFault, FlotillaClient, type FlotillaClientOptions } from './flotilla-client.ts';
