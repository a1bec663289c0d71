import { z } from '@hono/zod-openapi';

/** Everyone finds it; whoever has its address sees it; only its members do. */
export const VISIBILITIES = ['public', 'unlisted', 'private'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export const PLAYLIST_ROLES = ['owner', 'editor'] as const;
export type PlaylistRole = (typeof PLAYLIST_ROLES)[number];

export const OPERATORS = [
  'is',
  'is_not',
  'contains',
  'not_contains',
  'starts_with',
  'at_least',
  'at_most',
  'in_last_days',
  'not_in_last_days',
] as const;

export const conditionSchema = z
  .strictObject({
    field: z.string().regex(/^[a-z_]{1,40}$/i, 'is not the name of a field'),
    operator: z.enum(OPERATORS),
    value: z.union([z.string().max(200), z.number(), z.boolean()]),
  })
  .openapi('SmartCondition');
export type Condition = z.infer<typeof conditionSchema>;

export interface Group {
  match: 'all' | 'any';
  rules: (Condition | Group)[];
}

/** Groups within groups, three deep and no deeper. */
const group = <T extends z.ZodType>(rule: T) =>
  z.strictObject({ match: z.enum(['all', 'any']), rules: z.array(rule).max(20) });
const innermost = group(conditionSchema);
const middle = group(z.union([conditionSchema, innermost]));
const outermost = group(z.union([conditionSchema, middle]));

export const smartRulesSchema = outermost
  .extend({
    sort: z
      .strictObject({ field: z.string().regex(/^[a-z_]{1,40}$/i), descending: z.boolean().default(false) })
      .nullable()
      .default(null),
    limit: z.int().min(1).max(500).default(100),
  })
  .openapi('SmartRules');
export type SmartRules = z.infer<typeof smartRulesSchema>;
