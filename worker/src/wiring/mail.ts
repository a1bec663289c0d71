import { MailStore } from '../features/mail/store.ts';
import type { MailTransport } from '../features/mail/transport.ts';
import { cloudflareTransport } from '../features/mail/transports/cloudflare.ts';
import { mailgunTransport } from '../features/mail/transports/mailgun.ts';
import { outboxTransport } from '../features/mail/transports/outbox.ts';
import type { Database } from '../platform/db.ts';
import type { Env } from '../platform/env.ts';
import type { MailSettings } from '../platform/mail-settings.ts';
import type { Settings } from '../platform/settings.ts';

function mailTransportOf(env: Env, mail: MailSettings): MailTransport {
  if (mail.transport === 'mailgun') return mailgunTransport(mail);
  if (mail.transport === 'outbox') return outboxTransport();
  // The settings are refused where it is not bound.
  return cloudflareTransport(env.EMAIL as SendEmail, mail.from);
}

/** Returns mail with the transport of this deployment. */
export function mailOf(env: Env, settings: Settings, db: Database) {
  return {
    store: new MailStore(db),
    transport: mailTransportOf(env, settings.mail),
    publicOrigin: settings.publicOrigin,
    hasOutbox: settings.environment === 'development' && settings.mail.transport === 'outbox',
    sendHint: async (mailId: string, delaySeconds: number) => {
      await env.MAIL_QUEUE.send({ mailId }, { delaySeconds });
    },
    log: settings.logLevel === 'info',
  };
}
