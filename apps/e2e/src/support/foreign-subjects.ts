import { changedKinds, controlVerbs, downKinds, subjects, upKinds } from '@flotilla/contracts';
import { workKinds } from '@flotilla/model';

/** Every subject there is, as it stands for somebody else. A new one without a row here fails the build. */
export const families: Readonly<Record<keyof typeof subjects, (other: string) => readonly string[]>> = {
  up: (other) => upKinds.map((kind) => subjects.up(other, kind)),
  upFromAll: () => upKinds.map((kind) => subjects.upFromAll(kind)),
  upOf: (other) => [subjects.upOf(other)],
  upEverything: () => [subjects.upEverything()],
  down: (other) => downKinds.map((kind) => subjects.down(other, kind)),
  downToOne: (other) => [subjects.downToOne(other)],
  downEverything: () => [subjects.downEverything()],
  control: () => Object.values(controlVerbs).map(({ service, name }) => subjects.control(service, name)),
  wake: () => workKinds.map((kind) => subjects.wake(kind)),
  changed: () => changedKinds.map((kind) => subjects.changed(kind)),
};

/** What the broker itself keeps, and what clients use for answers. */
const brokers = [
  '$SYS.>',
  '$SYS.REQ.SERVER.PING',
  '$SYS.REQ.USER.INFO',
  '$SYS.REQ.CLAIMS.UPDATE',
  '$JS.API.>',
  '$JS.API.INFO',
  '$JS.API.STREAM.CREATE.S',
  '$JS.API.STREAM.MSG.GET.S',
  '$JS.API.CONSUMER.CREATE.S',
  '$JS.API.CONSUMER.MSG.NEXT.S.C',
  '$JS.ACK.S.C.1.1.1.1.1',
  '$KV.>',
  '$KV.bucket.key',
  '$O.bucket.C.x',
  '$SRV.PING',
  '_INBOX.>',
  '_INBOX.victim.1',
  '_R_.>',
  '_R_.abc.1',
  '_GR_.abc.1',
  '>',
  '*',
  'fleet.>',
];

/** Everything in which a cluster has no business, among it all that is the others'. */
export function foreignSubjects(others: readonly string[]): string[] {
  return [
    ...new Set([...others.flatMap((other) => Object.values(families).flatMap((family) => family(other))), ...brokers]),
  ];
}

/** A subject with a wildcard in each place, and cut off after each: what a curious client would try. */
export function widened(subject: string): string[] {
  const tokens = subject.split('.');
  return tokens.flatMap((_, at) => [tokens.with(at, '*').join('.'), [...tokens.slice(0, at), '>'].join('.')]);
}

/** One subject that a pattern stands for. */
export function concrete(subject: string, victim: string): string {
  return subject.replaceAll('*', victim).replaceAll('>', 'x.y');
}
