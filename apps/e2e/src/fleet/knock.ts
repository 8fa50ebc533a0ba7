import { request } from 'node:http';
import { enrolAnswerSchema, operations, type EnrolAnswer, type EnrolRequest } from '@flotilla/contracts';
import { systemClock } from '@flotilla/foundation';

/** How often a door that is too busy is knocked at. */
const triesMax = 60;

/**
 * Enrols through the front door from an address of its own, as every cluster has one: all of 127.0.0.0/8 is this
 * machine. Who is told that too many ask waits and asks again.
 */
export async function knock(url: string, body: EnrolRequest, place: number): Promise<EnrolAnswer> {
  for (let attempt = 1; ; attempt++) {
    const { status, text } = await post(new URL(operations.enrol.path, url), JSON.stringify(body), addressOf(place));
    if (status < 300) return enrolAnswerSchema.parse(JSON.parse(text));
    if (status !== 429 || attempt === triesMax) throw new Error(`enrolment was refused: ${status} ${text}`);
    await systemClock.sleep(1_000);
  }
}

function addressOf(place: number): string {
  return `127.1.${Math.floor(place / 250) % 250}.${(place % 250) + 1}`;
}

function post(url: URL, body: string, localAddress: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, localAddress, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
