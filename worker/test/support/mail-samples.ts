import type { MailRequest, TemplateName } from '../../src/features/mail/templates.ts';

type Sample<Name extends TemplateName> = Extract<MailRequest, { template: Name }>['data'];

const occasion = {
  atMs: Date.UTC(2026, 10, 21, 19, 53),
  device: 'Firefox on Linux',
  place: 'Lisbon, Portugal',
};
const token = 'tok_0123456789abcdefABCDEF-_~';

/** Data for one message of every kind. */
export const SAMPLES: { [Name in TemplateName]: Sample<Name> } = {
  verify_email: { name: 'Ann', token, expiresInMinutes: 60 },
  existing_account_notice: { name: 'Ann' },
  reset_password: { name: 'Ann', token, expiresInMinutes: 30 },
  password_changed: { name: 'Ann', isAccessEnded: true, ...occasion },
  change_email_confirm: { name: 'Ann', token, expiresInMinutes: 1440 },
  email_changed_notice: { name: 'Ann', newEmail: 'somebody.new@elsewhere.example', ...occasion },
  two_factor_changed: { name: 'Ann', change: 'enabled', ...occasion },
  passkey_added: { name: 'Ann', passkeyName: 'My phone', ...occasion },
  new_sign_in: { name: 'Ann', ...occasion },
  suspicious_sign_in: { name: 'Ann', ...occasion },
  refresh_reuse: { name: 'Ann', app: 'Blackbird for Android', ...occasion },
  email_code: { name: 'Ann', code: '482916', expiresInMinutes: 10 },
  account_deletion_requested: { name: 'Ann', token, deletedAtMs: Date.UTC(2026, 11, 5) },
  account_deleted: { name: 'Ann' },
  export_ready: { name: 'Ann', token, expiresAtMs: Date.UTC(2026, 10, 28) },
};

/** Returns a request to send the sample of a template. */
export function sampleMail(
  template: TemplateName,
  more: Partial<Omit<MailRequest, 'template' | 'data'>> = {},
) {
  return {
    to: 'ann@music.example',
    locale: 'en',
    template,
    data: SAMPLES[template],
    ...more,
  } as MailRequest;
}
