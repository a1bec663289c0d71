import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import type { MailRequest } from '../../src/features/mail/templates.ts';
import type { Env, MailMessage } from '../../src/platform/env.ts';
import { servicesOf } from '../../src/services.ts';
import { apiWith, bindingsWith, PRODUCTION } from './api.ts';
import { sweepIn } from './installation.ts';
import type { ReceivedMail, ScriptedAnswer } from './mail-provider-script.ts';
import { sampleMail } from './mail-samples.ts';
import { PROVIDER_KEY } from './people.ts';
import { deliver } from './queue-model.ts';
import { rowsOf } from './state.ts';

/** What tests look at of a row. */
export interface MailState {
  state: string;
  attempt: number;
  fault_count: number;
  due_at_ms: number;
  last_fault: string | null;
  recipient: string | null;
  text_body: string | null;
}

export async function mailState(mailId: string): Promise<MailState> {
  const [row] = await rowsOf<MailState>('SELECT * FROM mail_messages WHERE id = ?', mailId);
  if (row === undefined) throw new Error('there is no such message');
  return row;
}

/** A hint under way, and how long it takes. */
export interface Hint {
  mailId: string;
  delaySeconds: number;
}

let serial = 0;

/** An installation whose mail queue and provider the test holds in its hands; D1 and HTTP are real. */
export function mailing(overrides: Partial<Env> = {}) {
  const domain = `d${Date.now()}-${serial++}.example`;
  const hints: Hint[] = [];
  const own = new Set<string>();
  let isWriting = false;
  let isQueueDown = false;
  const queue = {
    send: async ({ mailId }: MailMessage, { delaySeconds = 0 }: QueueSendOptions = {}) => {
      if (isQueueDown) throw new Error('the queue is down');
      if (isWriting) own.add(mailId);
      // All tests share a database: a sweep also finds what others have left, and that is not ours to send.
      if (own.has(mailId)) hints.push({ mailId, delaySeconds });
    },
  } as unknown as Queue<MailMessage>;
  const bindings = bindingsWith({
    ...PRODUCTION,
    MAIL_QUEUE: queue,
    MAIL_HTTP_URL: `${env.MAIL_PROVIDER_URL}/v3/${domain}/messages`,
    MAIL_HTTP_KEY: PROVIDER_KEY,
    ...overrides,
  });
  const hint = (mailId: string, to = bindings) => deliver(to, { mailId }, { queue: 'melro-mail' });
  return {
    bindings,
    hints,
    api: apiWith(bindings),
    hint,
    /** Writes a message as a feature does; its hint waits. */
    async write(request: MailRequest = sampleMail('reset_password')): Promise<string> {
      isWriting = true;
      try {
        const { mailId } = await servicesOf(bindings).sendMail(request);
        own.add(mailId);
        return mailId;
      } finally {
        isWriting = false;
      }
    },
    /** Delivers the hints that are under way now, and none that come of them. */
    async deliverAll(to = bindings): Promise<void> {
      for (const { mailId } of hints.splice(0)) await hint(mailId, to);
    },
    breakQueue(isDown: boolean): void {
      isQueueDown = isDown;
    },
    /** Tells the provider how to answer the next requests. */
    async script(...answers: ScriptedAnswer[]): Promise<void> {
      await fetch(`${env.MAIL_PROVIDER_URL}/script/${domain}`, {
        method: 'PUT',
        body: JSON.stringify(answers),
      });
    },
    /** What the provider has taken. */
    async received(): Promise<ReceivedMail[]> {
      return (await fetch(`${env.MAIL_PROVIDER_URL}/received/${domain}`)).json();
    },
    sweep: () => sweepIn(bindings, 0),
  };
}

/** Moves the Worker's clock; the end of the test moves it back. */
export function passTime(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
}
