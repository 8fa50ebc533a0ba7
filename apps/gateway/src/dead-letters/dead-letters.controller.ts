import { Controller } from '@nestjs/common';
import { operations, subjects, type OperationResponse, type UpKind } from '@flotilla/contracts';
import type { LetterOrder, ReplayedMessage } from '@flotilla/control-fleet';
import { DeadLetterStore } from '@flotilla/control-store';
import { Fault } from '@flotilla/foundation';
import { Checked, Serves, type Input } from '../http/serves.ts';
import { deadLetterView } from '../views/dead-letter-view.ts';
import { pageRequest, viewPage } from '../views/pages.ts';
import { AgentsDoor } from './agents-door.ts';

const { discardDeadLetter, getDeadLetter, listDeadLetters, replayDeadLetter } = operations;

/** What could not be handled, and what a person does about it. */
@Controller()
export class DeadLettersController {
  constructor(
    private readonly desk: DeadLetterStore,
    private readonly door: AgentsDoor,
  ) {}

  @Serves(listDeadLetters)
  async list(
    @Checked() { params, query }: Input<typeof listDeadLetters>,
  ): Promise<OperationResponse<typeof listDeadLetters>> {
    return viewPage(await this.desk.letters({ ...params, page: pageRequest(query) }), deadLetterView);
  }

  @Serves(getDeadLetter)
  async get(@Checked() { params }: Input<typeof getDeadLetter>): Promise<OperationResponse<typeof getDeadLetter>> {
    const letter = await this.desk.letter(params.project, params.id);
    if (!letter) throw missing(params);
    return { ...deadLetterView(letter), content: Buffer.from(letter.content).toString('base64') };
  }

  @Serves(replayDeadLetter)
  async replay(
    @Checked() { params, principal }: Input<typeof replayDeadLetter>,
  ): Promise<OperationResponse<typeof replayDeadLetter>> {
    const order = orderOf(params, principal.name);
    const say = ({ cluster, kind, data }: ReplayedMessage) => this.door.say(subjects.up(cluster, kind as UpKind), data);
    if (!(await this.desk.replay(order, say))) throw missing(params);
    return { id: params.id };
  }

  @Serves(discardDeadLetter)
  async discard(
    @Checked() { params, principal }: Input<typeof discardDeadLetter>,
  ): Promise<OperationResponse<typeof discardDeadLetter>> {
    if (!(await this.desk.discard(orderOf(params, principal.name)))) throw missing(params);
    return { id: params.id };
  }
}

function orderOf(letter: { project: string; id: string }, name: string): LetterOrder {
  return { ...letter, by: { kind: 'user', name } };
}

function missing({ project, id }: { project: string; id: string }): Fault {
  const message = `there is no dead letter ${id} in project ${project}; it may have been replayed, discarded or trimmed`;
  return new Fault({ code: 'not-found', reason: 'DeadLetterMissing', message });
}
