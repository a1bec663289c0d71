import { z } from '@hono/zod-openapi';
import type { Env } from '../../platform/env.ts';
import { notFound } from '../../platform/errors.ts';
import type { Locale } from '../../platform/locale.ts';
import { defineRoute, featureApp, jsonBody, pageOf, pageQuerySchema } from '../../platform/route.ts';
import { failedMailSchema, mailParamsSchema, outboxItemSchema, outboxMessageSchema } from './schemas.ts';
import type { MailRow, MailStore } from './store.ts';

const failedRoute = defineRoute({
  method: 'get',
  path: '/api/v1/operator/mail/failed',
  summary: 'Messages that could not be sent',
  description: 'Their words and addresses are gone; the same fault in many of them is a setting to look at.',
  tags: ['Operator'],
  auth: 'jobs:manage',
  errors: [],
  request: { query: pageQuerySchema },
  responses: { 200: jsonBody(pageOf(failedMailSchema), 'A page of messages, newest first') },
});

const DEVELOPMENT_ONLY =
  'Only on an installation in development whose mail goes nowhere else; not found everywhere else.';

const outboxRoute = defineRoute({
  method: 'get',
  path: '/api/v1/dev/outbox',
  summary: 'Mail that a development installation would have sent',
  description: DEVELOPMENT_ONLY,
  tags: ['Development'],
  auth: 'public',
  errors: ['not_found'],
  request: { query: pageQuerySchema },
  responses: { 200: jsonBody(pageOf(outboxItemSchema), 'A page of messages, newest first') },
});

const messageRoute = defineRoute({
  method: 'get',
  path: '/api/v1/dev/outbox/{mailId}',
  summary: 'One message of the outbox',
  description: DEVELOPMENT_ONLY,
  tags: ['Development'],
  auth: 'public',
  errors: ['not_found'],
  request: { params: mailParamsSchema },
  responses: { 200: jsonBody(outboxMessageSchema, 'The message') },
});

const htmlRoute = defineRoute({
  method: 'get',
  path: '/api/v1/dev/outbox/{mailId}/html',
  summary: 'The HTML part of a message, to be shown in a sandboxed frame',
  description: DEVELOPMENT_ONLY,
  tags: ['Development'],
  auth: 'public',
  errors: ['not_found'],
  request: { params: mailParamsSchema },
  responses: {
    200: { description: 'The page', content: { 'text/html': { schema: z.string() } } },
  },
});

/** What the routes need. */
export interface MailRoutesDeps {
  store: MailStore;
  /** True on a development installation that keeps its mail. */
  hasOutbox: boolean;
}

/** No script, nothing loaded, and no origin even where it is opened outside a frame; links open beside the frame. */
const HTML_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
  'referrer-policy': 'no-referrer',
};

function presentItem(row: MailRow) {
  return {
    mailId: row.id,
    template: row.template,
    locale: row.locale as Locale,
    state: row.state,
    to: row.recipient,
    subject: row.subject,
    createdAt: new Date(row.createdAtMs).toISOString(),
  };
}

function presentFailed(row: MailRow) {
  return {
    mailId: row.id,
    template: row.template,
    attempts: row.attempt,
    reason: row.lastFault,
    createdAt: new Date(row.createdAtMs).toISOString(),
    failedAt: row.finishedAtMs === null ? null : new Date(row.finishedAtMs).toISOString(),
  };
}

function pageOfRows<T extends { mailId: string }>(
  rows: MailRow[],
  limit: number,
  present: (row: MailRow) => T,
) {
  const items = rows.slice(0, limit).map(present);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.mailId ?? null) : null };
}

/** Returns the routes over mail: what failed, for operators; the outbox, for who develops. */
export function mailApp(deps: (env: Env) => MailRoutesDeps) {
  function outbox(env: Env): MailStore {
    const { store, hasOutbox } = deps(env);
    if (!hasOutbox) throw notFound('There is no outbox here.');
    return store;
  }

  async function message(env: Env, mailId: string): Promise<MailRow> {
    const row = await outbox(env).find(mailId);
    if (row === null) throw notFound('There is no such message.');
    return row;
  }

  return featureApp()
    .openapi(failedRoute, async (c) => {
      const { cursor, limit } = c.req.valid('query');
      return c.json(pageOfRows(await deps(c.env).store.listFailed(cursor, limit), limit, presentFailed), 200);
    })
    .openapi(outboxRoute, async (c) => {
      const { cursor, limit } = c.req.valid('query');
      c.header('cache-control', 'no-store');
      return c.json(pageOfRows(await outbox(c.env).list(cursor, limit), limit, presentItem), 200);
    })
    .openapi(messageRoute, async (c) => {
      const row = await message(c.env, c.req.valid('param').mailId);
      const htmlUrl = row.htmlBody === null ? null : `/api/v1/dev/outbox/${row.id}/html`;
      c.header('cache-control', 'no-store');
      return c.json({ ...presentItem(row), text: row.textBody, htmlUrl, lastFault: row.lastFault }, 200);
    })
    .openapi(htmlRoute, async (c) => {
      const { htmlBody } = await message(c.env, c.req.valid('param').mailId);
      if (htmlBody === null) throw notFound('The words of this message are gone.');
      return c.html(htmlBody.replace('<head>', '<head>\n<base target="_blank">'), 200, HTML_HEADERS);
    });
}
