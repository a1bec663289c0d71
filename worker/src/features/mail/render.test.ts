import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../../../test/support/mail-samples.ts';
import { LOCALES, type Locale } from '../../platform/locale.ts';
import { MAIL_PATHS } from './paths.ts';
import { renderMail } from './render.ts';
import { type MailRequest, TEMPLATES, type TemplateName } from './templates.ts';

const ORIGIN = 'https://music.example';
const names = Object.keys(TEMPLATES) as TemplateName[];
const everyOne = names.flatMap((name) => LOCALES.map((locale) => [name, locale] as const));

function render(template: TemplateName, locale: Locale, data: unknown = SAMPLES[template]) {
  return renderMail({ template, locale, data } as MailRequest, ORIGIN);
}

function decoded(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

const linksOfText = (text: string) => new Set(text.match(/https?:\/\/\S+/g));
const linksOfHtml = (html: string) =>
  new Set([...html.matchAll(/\shref="([^"]*)"/g)].map(([, href = '']) => decoded(href)));

/** The sample with every text in it replaced. */
function hostile(template: TemplateName, text: string): unknown {
  const keep = new Set(['token', 'code', 'change']);
  return Object.fromEntries(
    Object.entries(SAMPLES[template]).map(([key, value]) => [
      key,
      typeof value === 'string' && !keep.has(key) ? text : value,
    ]),
  );
}

describe.each(everyOne)('%s in %s', (template, locale) => {
  const { subject, text, html } = render(template, locale);

  it('has the same links as text and as HTML, all absolute, to pages that are known', () => {
    const links = linksOfText(text);
    expect(linksOfHtml(html)).toEqual(links);
    expect(links.size).toBeGreaterThan(0);
    for (const link of links) {
      const url = new URL(link);
      expect(url.origin).toBe(ORIGIN);
      expect(Object.values(MAIL_PATHS)).toContain(url.pathname);
    }
  });

  it('carries its token to the page, and nowhere but into links', () => {
    const { token } = SAMPLES[template] as { token?: string };
    const carried = [...linksOfText(text)].map((link) => new URL(link).searchParams.get('token'));
    expect(carried.filter((found) => found !== null)).toEqual(token === undefined ? [] : [token]);
    expect(subject).not.toContain(token ?? 'none');
  });

  it('loads nothing, runs nothing and tells nobody that it was opened', () => {
    expect(html).not.toMatch(/<(?:img|script|iframe|object|embed|link|svg|video|audio|form|input|table)\b/i);
    expect(html).not.toMatch(/url\(|@import|\ssrc=|\bon\w+=|background=/i);
  });

  it('is a whole page in its language', () => {
    expect(html).toMatch(new RegExp(`^<!doctype html>\\n<html lang="${locale}">`));
    expect(html).toContain(`<title>${subject}</title>`);
    expect(html.match(/<h1\b/g)).toHaveLength(1);
    for (const tag of ['div', 'p', 'a', 'span', 'dl', 'dt', 'dd', 'h1']) {
      const opened = html.match(new RegExp(`<${tag}[\\s>]`, 'g'))?.length ?? 0;
      expect(html.match(new RegExp(`</${tag}>`, 'g'))?.length ?? 0, tag).toBe(opened);
    }
    const script = locale === 'ru' ? /\p{Script=Cyrillic}/u : /^[^\p{Script=Cyrillic}]+$/u;
    expect(subject).toMatch(script);
    expect(text).toMatch(script);
    // Around 100 KB mail clients cut a message off.
    expect(html.length).toBeLessThan(20_000);
  });

  it('has a subject that nothing typed by a person gets into', () => {
    const typed = hostile(template, 'Eve\r\nBcc: everybody@elsewhere.example');
    const other = render(template, locale, typed);
    expect(other.subject).toBe(subject);
    expect(subject).toMatch(/^[\p{L}\p{N}][\p{L}\p{N} ,’-]{5,60}$/u);
    expect(other.text).not.toMatch(/^Bcc:/m);
  });

  it('shows what people typed as text and never as markup', () => {
    const attack = `"><script>alert('1')</script><a href="https://evil.example/">&`;
    const other = render(template, locale, hostile(template, attack));
    expect(other.html).not.toMatch(/<script|<a href="https:\/\/evil|'1'/);
    expect([...linksOfHtml(other.html)].filter((link) => !link.startsWith(ORIGIN))).toEqual([]);
  });
});

describe('names', () => {
  it.each([
    'evil.example',
    'Win at https://evil.example',
    'www evil',
    'a@b',
    'x'.repeat(61),
    '',
    ' \u202e\n ',
  ])('that could be an advertisement, or none, are not greeted by (%j)', (name) => {
    const { text } = render('verify_email', 'en', { ...SAMPLES.verify_email, name });
    expect(text).toContain('\nHello!\n');
  });

  it.each(['Ann', 'Анна Петровна', "O'Neill & sons", 'Dr. J. Smith', '李小龙'])(
    'of people are greeted by (%s)',
    (name) => {
      expect(render('verify_email', 'en', { ...SAMPLES.verify_email, name }).text).toContain(
        `\nHello ${name},\n`,
      );
      const { html } = render('verify_email', 'ru', { ...SAMPLES.verify_email, name });
      expect(decoded(html)).toContain(`Здравствуйте, ${name}!`);
    },
  );
});

describe('details', () => {
  it('survive as they are: a token with every mark that addresses know', () => {
    const token = `a&b=c#d%20+e?f"<g>'h/i\\j`;
    const { text, html } = render('reset_password', 'en', { ...SAMPLES.reset_password, token });
    for (const links of [linksOfText(text), linksOfHtml(html)]) {
      const [link = ''] = [...links].filter((found) => found.includes('token'));
      expect(new URL(link).searchParams.get('token')).toBe(token);
    }
  });

  it('of time are in words that fit the number', () => {
    const span = (expiresInMinutes: number, locale: Locale) =>
      render('reset_password', locale, { ...SAMPLES.reset_password, expiresInMinutes }).text;
    expect(span(1, 'en')).toContain('for 1 minute.');
    expect(span(60, 'en')).toContain('for 1 hour.');
    expect(span(2880, 'en')).toContain('for 2 days.');
    expect(span(30, 'ru')).toContain('30 минут.');
    expect(span(120, 'ru')).toContain('2 часа.');
    expect(span(1440, 'ru')).toContain('1 день.');
    expect(render('new_sign_in', 'en').text).toContain('When: 21 November 2026 at 19:53 UTC');
    expect(render('new_sign_in', 'ru').text).toMatch(/Когда: 21 ноября 2026 г\. в 19:53 UTC/);
  });

  it('of days do not end in two full stops', () => {
    const { text } = render('account_deletion_requested', 'ru');
    expect(text).toContain('5 декабря 2026 года.\n');
    for (const [template, locale] of everyOne) expect(render(template, locale).text).not.toContain('..');
  });

  it('that are not known are left out', () => {
    const { text } = render('new_sign_in', 'en', { name: null, atMs: 0, device: null, place: undefined });
    expect(text).not.toMatch(/Device|Place|null|undefined/);
  });

  it('of a new address show its owner which it is and others not', () => {
    const { text, html } = render('email_changed_notice', 'en');
    expect(text).toContain('s•••@elsewhere.example');
    expect(text + html).not.toContain('somebody.new');
  });

  it('that do not fit are refused', () => {
    const bad = [
      ['verify_email', { ...SAMPLES.verify_email, token: 'with space and\nline' }],
      ['verify_email', { name: 'Ann' }],
      ['email_code', { ...SAMPLES.email_code, code: '<b>1</b>' }],
      ['two_factor_changed', { ...SAMPLES.two_factor_changed, change: 'something' }],
    ] as const;
    for (const [template, data] of bad) expect(() => render(template, 'en', data)).toThrow();
  });
});
