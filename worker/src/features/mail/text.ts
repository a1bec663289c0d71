import type { Content } from './content.ts';

/** Returns the message as plain text. */
export function toText(content: Content, home: string): string {
  const { heading, greeting, paragraphs, facts = [], code, action, alternative, after, reason } = content;
  const blocks = [heading.toUpperCase(), greeting, ...paragraphs];
  if (facts.length > 0) blocks.push(facts.map(([label, value]) => `${label}: ${value}`).join('\n'));
  if (code !== undefined) blocks.push(`    ${code}`);
  if (action !== undefined) blocks.push(`${action.label}:\n${action.url}`);
  blocks.push(...after);
  if (alternative !== undefined) blocks.push(`${alternative.label}:\n${alternative.url}`);
  // The signature mark of RFC 3676, 4.3: two hyphens and a space.
  return `${blocks.join('\n\n')}\n\n-- \n${reason}\nMelro ${home}\n`;
}
