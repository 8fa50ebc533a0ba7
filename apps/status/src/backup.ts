import { z } from 'zod';
import { secretSetting } from '@flotilla/control-host';
import { systemClock, toFault } from '@flotilla/foundation';
import { readSettings } from '@flotilla/foundation/node';
import { runBackup } from './backup/run-backup.ts';

const settings = z.object({ DATABASE_URL: secretSetting });

/** The second command of this image: backs the record up and restores it. It knows the database and no key. */
try {
  await runBackup(process.argv.slice(2), {
    databaseUrl: () => readSettings(settings, process.env).DATABASE_URL.reveal(),
    clock: systemClock,
    print: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  const { code, message } = toFault(error);
  process.stderr.write(`flotilla backup: ${message}\n`);
  process.exitCode = code === 'invalid' ? 2 : 1;
}
