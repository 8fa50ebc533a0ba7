import { describe, expect, it } from 'vitest';
import { expectSafeServer } from './server-version.ts';

describe('the version of the broker', () => {
  it.each(['2.12.12', '2.12.13', '2.14.3', '2.14.3-RC.1', '2.15.0', '3.0.0'])('takes %s', (version) => {
    expect(() => expectSafeServer(version, { allowOld: false })).not.toThrow();
  });

  it.each(['2.9.10', '2.12.11', '2.13.99', '2.14.0', '2.14.2', 'unknown', ''])(
    'refuses %j, and says what to do',
    (version) => {
      expect(() => expectSafeServer(version, { allowOld: false })).toThrow(
        expect.objectContaining({
          reason: 'BrokerTooOld',
          message: expect.stringMatching(/run 2\.12\.12 or 2\.14\.3 or newer, or set NATS_ALLOW_OLD_SERVER=true/),
        }),
      );
    },
  );

  it('takes an old one where its operator says so', () => {
    expect(() => expectSafeServer('2.9.10', { allowOld: true })).not.toThrow();
  });
});
