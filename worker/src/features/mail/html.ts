import type { Locale } from '../../platform/locale.ts';
import type { Content } from './content.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Returns text that is safe as content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark);
}

const FONT =
  "font-family:Inter,-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/**
 * Light is inline, where every client reads it; dark is for those that read a style element as well.
 * Colours are those of web/src/styles/tokens.css.
 */
const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .bg { background-color: #0e0f13 !important; }
  .card { background-color: #15171d !important; border-color: #2e3340 !important; }
  .raised { background-color: #1d2028 !important; border-color: #2e3340 !important; }
  .text { color: #f2f3f7 !important; }
  .text-2 { color: #b4bac8 !important; }
  .text-3 { color: #8b93a5 !important; }
  .link { color: #ff7a59 !important; }
  .button { background-color: #ff7a59 !important; border-color: #ff7a59 !important; color: #1c0b06 !important; }
}
@media (max-width: 480px) {
  .card { padding: 24px 20px !important; }
}`.trim();

const HINT: Record<Locale, string> = {
  en: 'If the button does nothing, copy this address into your browser:',
  ru: 'Если кнопка не работает, скопируйте этот адрес в браузер:',
};

const P = 'margin:0 0 16px;font-size:16px;line-height:24px';

function paragraph(text: string, kind: 'text' | 'text-2' = 'text'): string {
  const colour = kind === 'text' ? '#17161a' : '#4d4a52';
  return `<p class="${kind}" style="${P};color:${colour}">${escapeHtml(text)}</p>`;
}

function factList(facts: NonNullable<Content['facts']>): string {
  const rows = facts.map(
    ([label, value], index) =>
      `<dt class="text-3" style="margin:${index === 0 ? '0' : '12px 0 0'};font-size:13px;line-height:20px;color:#66626b">${escapeHtml(label)}</dt>` +
      `<dd class="text" style="margin:0;font-size:16px;line-height:24px;color:#17161a;overflow-wrap:anywhere">${escapeHtml(value)}</dd>`,
  );
  return `<dl class="raised" style="margin:0 0 24px;padding:16px;background-color:#f1efeb;border:1px solid #dedad3;border-radius:10px">${rows.join('')}</dl>`;
}

function codeBlock(code: string): string {
  return `<p class="raised text" style="margin:0 0 24px;padding:16px;background-color:#f1efeb;border:1px solid #dedad3;border-radius:10px;font-family:ui-monospace,'SF Mono',Menlo,Consolas,monospace;font-size:32px;line-height:40px;letter-spacing:6px;font-weight:700;text-align:center;color:#17161a">${escapeHtml(code)}</p>`;
}

/** The button is a link with a thick border, because Outlook ignores padding on links. */
function button({ label, url }: NonNullable<Content['action']>, locale: Locale): string {
  const href = escapeHtml(url);
  return (
    `<p style="margin:8px 0 24px"><a class="button" href="${href}" style="display:inline-block;background-color:#b83a16;border:solid #b83a16;border-width:12px 24px;border-radius:10px;color:#ffffff;font-size:16px;line-height:20px;font-weight:700;text-decoration:none">${escapeHtml(label)}</a></p>` +
    `<p class="text-3" style="margin:0 0 4px;font-size:13px;line-height:20px;color:#66626b">${escapeHtml(HINT[locale])}</p>` +
    `<p style="margin:0 0 24px;font-size:13px;line-height:20px"><a class="link" href="${href}" style="color:#b83a16;overflow-wrap:anywhere;word-break:break-all">${href}</a></p>`
  );
}

function textLink({ label, url }: NonNullable<Content['alternative']>): string {
  return `<p style="${P}"><a class="link" href="${escapeHtml(url)}" style="color:#b83a16;font-weight:600">${escapeHtml(label)}</a></p>`;
}

/**
 * Returns the message as HTML: one column of blocks without tables, images or anything that is loaded,
 * so that nothing tells us or anybody whether it was opened.
 */
export function toHtml(content: Content, locale: Locale, home: string): string {
  const {
    subject,
    heading,
    greeting,
    paragraphs,
    facts = [],
    code,
    action,
    alternative,
    after,
    reason,
  } = content;
  const body = [
    paragraph(greeting),
    ...paragraphs.map((text) => paragraph(text)),
    facts.length > 0 ? factList(facts) : '',
    code === undefined ? '' : codeBlock(code),
    action === undefined ? '' : button(action, locale),
    ...after.map((text) => paragraph(text, 'text-2')),
    alternative === undefined ? '' : textLink(alternative),
  ].join('\n');
  const host = escapeHtml(new URL(home).host);
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${escapeHtml(subject)}</title>
<style>${STYLE}</style>
</head>
<body class="bg" style="margin:0;padding:0;background-color:#faf9f7;${FONT}">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(paragraphs[0] ?? heading)}</div>
<div class="bg" role="article" aria-roledescription="email" aria-label="${escapeHtml(subject)}" lang="${locale}" style="background-color:#faf9f7;padding:32px 16px;${FONT}">
<div style="max-width:560px;margin:0 auto">
<p class="text" style="margin:0 0 16px;padding:0 4px;font-size:20px;line-height:36px;font-weight:750;letter-spacing:-0.02em;color:#17161a"><span aria-hidden="true" style="display:inline-block;width:32px;height:32px;margin-right:10px;border:2px solid #ffd3c4;border-radius:50%;background-color:#0e0f13;color:#ff6b3d;font-size:15px;line-height:32px;text-align:center;vertical-align:top">&#9654;&#xFE0E;</span>Melro</p>
<div class="card" style="padding:32px;background-color:#ffffff;border:1px solid #dedad3;border-radius:16px">
<h1 class="text" style="margin:0 0 16px;font-size:24px;line-height:30px;font-weight:750;letter-spacing:-0.01em;color:#17161a">${escapeHtml(heading)}</h1>
${body}
</div>
<p class="text-3" style="margin:20px 4px 0;font-size:13px;line-height:20px;color:#66626b">${escapeHtml(reason)}</p>
<p class="text-3" style="margin:4px 4px 0;font-size:13px;line-height:20px;color:#66626b">Melro · <a class="link" href="${escapeHtml(home)}" style="color:#b83a16">${host}</a></p>
</div>
</div>
</body>
</html>
`;
}
