import { isoTime } from '@flotilla/foundation';
import { plainLine } from '../plain-line.ts';
import { commandsFor } from './notice-commands.ts';
import type { Delivery, Notice } from './notices.port.ts';

/** A notice as a receiver reads it: what and why, who and when, and where a person goes on from there. */
export interface ToldNotice {
  readonly action: string;
  readonly subject: string;
  readonly message: string;
  readonly by: string;
  readonly at: string;
  /** What to type to know more. */
  readonly command: string;
  /** What to type to do something about it, where one command does. */
  readonly act?: string;
  readonly link?: string;
}

/** Lines are of any length, and a receiver takes so much. */
const charactersMax = { subject: 300, message: 1_000 };
/** More lines than this are nobody's reading in a chat. */
const slackLinesMax = 10;

/** What a signed webhook is sent, as JSON. */
export function webhookBody(delivery: Delivery, publicUrl: string | undefined): string {
  const { id, project, notifier, notices, waiting } = delivery;
  const events = notices.map((notice) => toldNotice(notice, { project, publicUrl }));
  return JSON.stringify({ delivery: id, project, notifier, events, waiting });
}

/** What a Slack-compatible hook is sent: text, in which nothing that a line says is markup or calls anybody. */
export function slackBody(delivery: Delivery, publicUrl: string | undefined): string {
  const { project, notices, waiting } = delivery;
  const told = notices.slice(0, slackLinesMax).map((notice) => slackLine(toldNotice(notice, { project, publicUrl })));
  const left = notices.length - told.length + waiting;
  const more = left > 0 ? [`and ${left} more: \`flotilla events -p ${project}\``] : [];
  return JSON.stringify({ text: [...told, ...more].join('\n') });
}

interface Place {
  readonly project: string;
  readonly publicUrl: string | undefined;
}

function toldNotice({ at, actor, action, subject, message }: Notice, { project, publicUrl }: Place): ToldNotice {
  const { command, act } = commandsFor({ action, subject }, project);
  return {
    action,
    subject: plainLine(subject, charactersMax.subject),
    message: plainLine(message, charactersMax.message),
    by: plainLine(actor, charactersMax.subject),
    at: isoTime(at.getTime()),
    command,
    ...(act !== undefined && { act }),
    ...(publicUrl !== undefined && { link: `${publicUrl.replace(/\/$/, '')}/?project=${project}` }),
  };
}

function slackLine({ action, subject, message, by, at, command, act, link }: ToldNotice): string {
  const ways = [command, ...(act === undefined ? [] : [act])].map((way) => `\`${way}\``);
  const more = link === undefined ? [] : [`<${link}|open>`];
  const head = `*${escaped(action)}* ${escaped(subject)}: ${escaped(message)}`;
  return `${head}\n${[`by ${escaped(by)} at ${at}`, ...ways, ...more].join(' · ')}`;
}

/** Slack's three characters: with them gone, `<!channel>` calls nobody. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
