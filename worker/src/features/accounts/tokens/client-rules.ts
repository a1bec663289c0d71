import { APIError } from 'better-auth/api';
import { z } from 'zod';
import { nameSchema } from '../schemas.ts';

/** A page that people are shown a link to: `javascript:` and its like would run as ours where they press it. */
const pageSchema = z
  .url({ protocol: /^https$/ })
  .max(500)
  .optional();

/** What an app says of itself to people, who decide by it whether to let the app in. */
const selfSchema = z.looseObject({
  client_name: nameSchema,
  client_uri: pageSchema,
  logo_uri: pageSchema,
  policy_uri: pageSchema,
  tos_uri: pageSchema,
  contacts: z.array(z.email().max(254)).max(5).optional(),
  redirect_uris: z.array(z.string().max(500)).min(1).max(20),
  post_logout_redirect_uris: z.array(z.string().max(500)).max(20).optional(),
});

const RULES = { whole: selfSchema, change: selfSchema.partial() };

/** Refuses an app that people could not tell for what it is. Of a change only what is changed must be there. */
export function refuseDeceivingClient(said: unknown, how: keyof typeof RULES): void {
  const { error } = RULES[how].safeParse(said);
  const [issue] = error?.issues ?? [];
  if (issue === undefined) return;
  throw new APIError('BAD_REQUEST', {
    code: 'VALIDATION_ERROR',
    message: `${issue.path.join('.')}: ${issue.message}`,
  });
}
