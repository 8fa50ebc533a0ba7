import { describe, expect, it } from 'vitest';
import { Fault } from '@flotilla/foundation';
import { commitFault, databaseFault } from './database-fault.ts';

const withCode = (code: string) => Object.assign(new Error('said by the server'), { code });

describe('AT-38: what a database has', () => {
  it.each([
    ['DatabaseContended', ['40001', '40P01']],
    ['DatabaseBusy', ['55P03', '53300', new Error('timeout exceeded when trying to connect')]],
    ['DatabaseSlow', ['57014']],
    ['DatabaseFull', ['53100', '53200', '53400', '54000']],
    ['DatabaseReadOnly', ['25006']],
    ['DatabaseRefused', ['28P01', '28000', '3D000', '42501']],
    ['DatabaseDamaged', ['58030', '58P01', 'XX001', 'XX002']],
    ['DatabaseAway', ['08006', '08P01', '57P01', '57P02', '57P03', '25P03', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']],
    ['DatabaseAway', ['ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND', 'EHOSTUNREACH']],
    [
      'DatabaseAway',
      [
        'Connection terminated unexpectedly',
        'Connection terminated due to connection timeout',
        'Query read timeout',
        'Client was closed and is not queryable',
        'Client has encountered a connection error and is not queryable',
        'Query runner already released. Cannot run queries anymore.',
        'Database connection provided by a query runner was already released, cannot continue to use its querying methods anymore.',
      ].map((message) => new Error(message)),
    ],
  ])('%s is told as unavailable, to be tried again: %s', (reason, thrown) => {
    for (const each of thrown) {
      const cause = typeof each === 'string' ? withCode(each) : each;
      const fault = databaseFault(cause) as Fault;
      const { code, consequence } = fault;
      expect({ code, consequence, reason: fault.reason, cause: fault.cause }).toEqual({
        code: 'unavailable',
        consequence: { kind: 'retry' },
        reason,
        cause,
      });
    }
  });

  it.each([
    ['a defect of ours', withCode('42601')],
    ['a row that may not be', withCode('23505')],
    ['anything else', new Error('x')],
    ['what is no error', 'x'],
    ['a fault', new Fault({ code: 'not-found', reason: 'X', message: 'x' })],
  ])('comes back unchanged when it is %s', (_what, thrown) => {
    expect(databaseFault(thrown)).toBe(thrown);
  });

  it('is told as unknown when it was a commit that broke off, and as it is when the server refused it', () => {
    const [away, full] = [databaseFault(withCode('57P01')), databaseFault(withCode('53100'))];
    expect([away, full].map((fault) => (commitFault(fault) as Fault).reason)).toEqual([
      'CommitUnknown',
      'DatabaseFull',
    ]);
  });
});
