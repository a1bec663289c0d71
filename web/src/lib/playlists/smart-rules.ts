/** What the API takes and keeps. */
export interface SmartRules extends Group {
  sort: { field: string; descending?: boolean } | null;
  limit: number;
}
export interface Condition {
  field: string;
  operator: string;
  value: string | number | boolean;
}
export interface Group {
  match: 'all' | 'any';
  rules: (Condition | Group)[];
}

export type FieldType = 'text' | 'number' | 'date' | 'flag';
/** What the conversions need to know of a field. */
export interface Field {
  name: string;
  type: FieldType;
  operators: readonly string[];
  isSortable: boolean;
}

/** Rules while somebody writes them: every value is the text of its control, and rows are told apart by a key. */
export interface ConditionDraft {
  key: number;
  field: string;
  operator: string;
  value: string;
}
export interface GroupDraft {
  key: number;
  match: 'all' | 'any';
  rules: (ConditionDraft | GroupDraft)[];
}
export interface RulesDraft {
  group: GroupDraft;
  /** The name of a field, or '' for the order in which tracks are found. */
  sort: string;
  isDescending: boolean;
  limit: number | null;
}

/** Groups within groups, and conditions in all of them together, that the API takes. */
export const DEEPEST_GROUP = 3;
export const MOST_CONDITIONS = 16;
export const MOST_TRACKS = 500;

const LABELS: Record<string, string> = {
  added: 'Released',
  duration: 'Duration in seconds',
  lossless: 'Lossless',
  plays: 'Plays by everyone',
  liked: 'Liked by me',
  rating: 'My rating',
  last_played: 'Last played by me',
  times_played: 'Times I played it',
};

const OPERATORS: Record<string, string> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'starts with',
  at_least: 'is at least',
  at_most: 'is at most',
  in_last_days: 'in the last (days)',
  not_in_last_days: 'not in the last (days)',
};

/** What people call a field; one that we do not know yet goes by its name. */
export function labelOf(field: string): string {
  const words = field
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return LABELS[field] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** What people call an operator where it is asked of a field of this type. */
export function operatorLabel(operator: string, type: FieldType): string {
  if (type === 'date' && operator === 'at_least') return 'is on or after';
  if (type === 'date' && operator === 'at_most') return 'is on or before';
  return OPERATORS[operator] ?? operator;
}

/** The control that a value is written with. */
export function controlOf(type: FieldType, operator: string): 'text' | 'number' | 'date' | 'flag' {
  return type === 'date' && operator.endsWith('_days') ? 'number' : type;
}

export function isGroup<C extends object, G extends { rules: unknown }>(rule: C | G): rule is G {
  return 'rules' in rule;
}

let lastKey = 0;

/** Returns a condition of this field as it is first shown. */
export function newCondition(field: Field): ConditionDraft {
  const operator = field.type === 'date' ? 'in_last_days' : (field.operators[0] ?? 'is');
  return { key: ++lastKey, field: field.name, operator, value: firstValue(field.type, operator) };
}

/** Returns what stands in a control before anything is chosen. */
export function firstValue(type: FieldType, operator: string): string {
  if (type === 'flag') return 'true';
  return type === 'date' && operator.endsWith('_days') ? '30' : '';
}

export function newGroup(match: 'all' | 'any', rules: GroupDraft['rules']): GroupDraft {
  return { key: ++lastKey, match, rules };
}

/** Returns how many conditions there are, in all groups. */
export function countConditions(group: GroupDraft): number {
  return group.rules.reduce(
    (sum, rule) => sum + (isGroup<ConditionDraft, GroupDraft>(rule) ? countConditions(rule) : 1),
    0,
  );
}

/** Returns how many conditions have no value yet. */
export function countUnfinished(group: GroupDraft): number {
  return group.rules.reduce(
    (sum, rule) =>
      sum +
      (isGroup<ConditionDraft, GroupDraft>(rule) ? countUnfinished(rule) : Number(rule.value.trim() === '')),
    0,
  );
}

function toValue(draft: ConditionDraft, fields: readonly Field[]): string | number | boolean {
  const type = fields.find(({ name }) => name === draft.field)?.type ?? 'text';
  const control = controlOf(type, draft.operator);
  if (control === 'flag') return draft.value === 'true';
  return control === 'number' ? Number(draft.value) : draft.value.trim();
}

function toGroup(group: GroupDraft, fields: readonly Field[]): Group {
  const rules = group.rules.flatMap((rule): (Condition | Group)[] => {
    if (isGroup<ConditionDraft, GroupDraft>(rule)) {
      const inner = toGroup(rule, fields);
      return inner.rules.length === 0 ? [] : [inner];
    }
    if (rule.value.trim() === '') return [];
    return [{ field: rule.field, operator: rule.operator, value: toValue(rule, fields) }];
  });
  return { match: group.match, rules };
}

/** Returns what the API takes of a draft; conditions without a value and groups without conditions are left out. */
export function toRules(draft: RulesDraft, fields: readonly Field[]): SmartRules {
  return {
    ...toGroup(draft.group, fields),
    sort: draft.sort === '' ? null : { field: draft.sort, descending: draft.isDescending },
    limit: Math.min(MOST_TRACKS, Math.max(1, Math.round(draft.limit ?? 100))),
  };
}

function toDraftGroup(group: Group): GroupDraft {
  const rules = group.rules.map((rule): ConditionDraft | GroupDraft => {
    if (isGroup<Condition, Group>(rule)) return toDraftGroup(rule);
    return { key: ++lastKey, field: rule.field, operator: rule.operator, value: String(rule.value) };
  });
  return newGroup(group.match, rules);
}

/** Returns rules as they are edited. */
export function toDraft(rules: SmartRules): RulesDraft {
  return {
    group: toDraftGroup(rules),
    sort: rules.sort?.field ?? '',
    isDescending: rules.sort?.descending ?? false,
    limit: rules.limit,
  };
}
