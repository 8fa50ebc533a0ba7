import { spawn, type ChildProcess } from 'node:child_process';
import { Fault } from '@flotilla/foundation';

const wordsMax = 4_000;

/** A program of ours that runs until it is killed, and never longer than this process. */
export class ChildProgram {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #killAtExit: () => void;
  #running = true;
  #words = '';

  constructor(name: string, file: string, flags: readonly string[]) {
    this.#name = name;
    this.#child = spawn(file, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    const hear = (chunk: Buffer) => (this.#words = (this.#words + chunk.toString('utf8')).slice(-wordsMax));
    this.#child.stdout!.on('data', hear);
    this.#child.stderr!.on('data', hear);
    this.#killAtExit = () => this.#child.kill('SIGKILL');
    process.once('exit', this.#killAtExit);
    this.#ended = new Promise((resolve) => {
      const end = () => {
        this.#running = false;
        process.removeListener('exit', this.#killAtExit);
        resolve();
      };
      this.#child.once('close', end).once('error', (error) => {
        this.#words += error.message;
        end();
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The end of what the program printed. */
  get lastWords(): string {
    return this.#words.trim().split('\n').slice(-6).join(' | ');
  }

  assertRunning(): void {
    if (this.#running) return;
    const message = `${this.#name} ended before it was ready: ${this.lastWords}`;
    const reason = this.#words.includes('address already in use') ? 'PortTaken' : 'ProgramEnded';
    throw new Fault({ code: 'unavailable', reason, subject: this.#name, message });
  }

  /** At once and for good: what it holds is thrown away anyway. */
  async kill(): Promise<void> {
    if (this.#running) this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
