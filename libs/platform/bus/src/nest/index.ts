export { ControlClient } from './control-client.ts';
export { AnswersVerb, VerbRequest } from './control-verb.ts';
export { FleetMessage, type FleetDelivery } from './fleet-message.ts';
export { FleetTransport, type FleetTransportOptions, type Poison } from './fleet-transport.ts';
