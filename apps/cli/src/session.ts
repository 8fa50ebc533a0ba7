import type { Api } from './api.ts';
import type { Flags } from './flags.ts';
import { Progress } from './output/progress.ts';
import { tonesFor, type Tones } from './output/tones.ts';
import { visible } from './output/visible.ts';
import type { World } from './world.ts';

/** One call of this program: what was said with it, and the ways to answer. */
export class Session {
  readonly world: World;
  readonly flags: Flags;
  readonly progress: Progress;
  /** Colours, as far as whoever reads the data wants them. */
  readonly tones: Tones;
  #api: Promise<Api> | undefined;

  constructor({ world, flags }: { readonly world: World; readonly flags: Flags }) {
    this.world = world;
    this.flags = flags;
    this.progress = new Progress(world.stderr, { shown: world.stderr.isTerminal && !flags.quiet });
    this.tones = tonesFor(world.stdout, flags.color, world.environment);
  }

  /** Data: a line, or several. */
  print(text: string): void {
    this.progress.clear();
    if (text !== '') this.world.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /**
   * Data for a program, exactly as it is. On a terminal no program reads it: there, what would be obeyed is shown, since a
   * commit's subject may hold anything in JSON as well.
   */
  printExact(text: string): void {
    this.print(this.world.stdout.isTerminal ? text.split('\n').map(visible).join('\n') : text);
  }

  /** Something to know that is not data. */
  note(text: string): void {
    this.progress.clear();
    if (!this.flags.quiet) this.world.stderr.write(`${text}\n`);
  }

  /** The control plane that this call is for. It is loaded late: much here works without one. */
  api(): Promise<Api> {
    this.#api ??= this.#open();
    return this.#api;
  }

  now(): number {
    return this.world.clock.now();
  }

  async #open(): Promise<Api> {
    const { flags, world } = this;
    const [{ openApi }, { chooseSettings }] = await Promise.all([import('./api.ts'), import('./settings/settings.ts')]);
    const settings = await chooseSettings(flags, world.environment);
    for (const warning of settings.warnings) this.note(`warning: ${warning}`);
    const loud = (flags.verbosity ?? 0) >= 6;
    return openApi({ settings, world, onRequest: (line) => loud && world.stderr.write(`${line}\n`) });
  }
}
