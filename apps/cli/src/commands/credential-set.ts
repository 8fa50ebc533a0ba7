import { operations, type CredentialBody } from '@flotilla/contracts';
import { Fault, type Redacted } from '@flotilla/foundation';
import { Option } from 'commander';
import { visible } from '../output/visible.ts';
import { defineVerb } from '../program/verb.ts';
import { readSecret } from '../settings/read-secret.ts';

const kinds = ['basic', 'bearer', 'address', 'webhook'] as const;
/** What a Git host is never sent. */
const isOurs = (kind: string) => kind === 'webhook' || kind === 'address';

interface CredentialOptions {
  readonly kind: (typeof kinds)[number];
  readonly origin?: string;
  readonly username?: string;
  readonly secretFile?: string;
}

/** Stores a secret that the control plane needs. It can be replaced, never read. */
export const credentialSet = defineVerb<CredentialOptions>({
  examples: [
    'credential set shop-git --kind basic --origin https://git.example.org --username flotilla',
    'credential set shop-git --kind bearer --origin https://git.example.org --secret-file token.txt',
    'credential set shop-hook --kind webhook < secret.txt',
    'credential set team-slack --kind address --secret-file address.txt',
  ],
  declare: (command) =>
    void command
      .argument('<name>')
      .addOption(new Option('--kind <kind>', 'what it is').choices(kinds).makeOptionMandatory())
      .option('--origin <url>', 'the only origin that is ever sent it')
      .option('--username <name>', 'whose password it is')
      .option('--secret-file <file>', 'where the secret is; otherwise it is sent in, or asked for'),
  run: async (session, [name = ''], options) => {
    checkOptions(options);
    const secret = await readSecret(session.world, { what: `secret of ${name}`, file: options.secretFile });
    const { client, project } = await session.api();
    const body = bodyOf(options, secret);
    const stored = await client.call(operations.putCredential, { params: { project, name }, body });
    session.print(`credential/${visible(stored.name)} stored`);
  },
});

function checkOptions({ kind, origin, username }: CredentialOptions): void {
  if (!isOurs(kind) && !origin) throw invalid(`--kind ${kind} needs --origin, the only origin that is sent it`);
  if (kind === 'basic' && !username) throw invalid('--kind basic needs --username, whose password it is');
  if (isOurs(kind) && origin) throw invalid(`--kind ${kind} is sent to no Git host, and takes no --origin`);
  if (kind !== 'basic' && username) throw invalid(`--kind ${kind} takes no --username`);
}

function bodyOf({ kind, origin = '', username = '' }: CredentialOptions, secret: Redacted): CredentialBody {
  switch (kind) {
    case 'basic':
      return { kind, origin, username, password: secret.reveal() };
    case 'bearer':
      return { kind, origin, token: secret.reveal() };
    case 'address':
      return { kind, address: secret.reveal() };
    case 'webhook':
      return { kind, secret: secret.reveal() };
  }
}

function invalid(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'CredentialInvalid', message });
}
