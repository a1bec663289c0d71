import type { Template } from './content.ts';
import { toHtml } from './html.ts';
import { linksOn } from './paths.ts';
import { type MailRequest, TEMPLATES } from './templates.ts';
import { toText } from './text.ts';

/** A message as it goes out: the same words and the same links twice. */
export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

/** Returns the message in the language asked for, its links on `origin`. Throws ZodError for data that does not fit. */
export function renderMail(
  { template, locale, data }: Pick<MailRequest, 'template' | 'locale' | 'data'>,
  origin: string,
): RenderedMail {
  const { data: schema, say } = TEMPLATES[template] as unknown as Template;
  const links = linksOn(origin);
  const content = say[locale](schema.parse(data), links);
  return {
    subject: content.subject,
    text: toText(content, links.home()),
    html: toHtml(content, locale, links.home()),
  };
}
