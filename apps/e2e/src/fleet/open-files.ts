import { readFileSync } from 'node:fs';
import { Fault } from '@flotilla/foundation';

/** Files that a process needs besides its connections. */
const spare = 500;

/** Says before anything is started when this machine does not let a process hold as many connections as are asked for. */
export function expectOpenFiles(connections: number): void {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const most = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  if (most >= connections + spare) return;
  const needed = connections + spare;
  const message = `nats-server needs ${needed} open files for ${connections} agents, and may have ${most}: ulimit -n ${needed}`;
  throw new Fault({ code: 'invalid', reason: 'OpenFilesTooFew', message });
}
