import { type ApiError, toApiError } from '$lib/api/api-error.ts';

export type SaveState = 'saved' | 'waiting' | 'saving' | 'failed';

const DELAY_MS = 700;
const RETRY_MS = 5000;

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? '' : '.'}`;
}

/**
 * Saves fields while a person types. What was typed is shown until it is saved and focus has left its field: whatever
 * the server answers or learns meanwhile, nobody's typing is replaced.
 */
export class AutoSave<Fields extends object> {
  /** Sentences by field. */
  errors = $state.raw<Partial<Record<keyof Fields, string>>>({});
  /** What is wrong with saving as a whole. */
  problem = $state<string | null>(null);
  #drafts = $state.raw<Partial<Fields>>({});
  #unsent = $state.raw<readonly (keyof Fields)[]>([]);
  #isSending = $state(false);
  #focused: keyof Fields | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | null = null;
  readonly #send: (change: Partial<Fields>) => Promise<unknown>;
  readonly #fieldOf: (error: ApiError) => keyof Fields | null;

  /** `fieldOf` names the field that an error without issues is about. */
  constructor(
    send: (change: Partial<Fields>) => Promise<unknown>,
    fieldOf: (error: ApiError) => keyof Fields | null = () => null,
  ) {
    this.#send = send;
    this.#fieldOf = fieldOf;
  }

  get state(): SaveState {
    if (this.#isSending) return 'saving';
    if (this.problem !== null || Object.keys(this.errors).length > 0) return 'failed';
    return this.#unsent.length > 0 ? 'waiting' : 'saved';
  }

  /** What a field shows: what was typed, else what the server knows. */
  value<F extends keyof Fields>(field: F, known: Fields[F]): Fields[F] {
    return field in this.#drafts ? (this.#drafts[field] as Fields[F]) : known;
  }

  /** Takes in what a person has typed or chosen; it is saved when they pause. */
  set<F extends keyof Fields>(field: F, value: Fields[F], delayMs = DELAY_MS): void {
    this.#drafts = { ...this.#drafts, [field]: value };
    const { [field]: _, ...others } = this.errors;
    this.errors = others as typeof this.errors;
    if (!this.#unsent.includes(field)) this.#unsent = [...this.#unsent, field];
    this.#schedule(delayMs);
  }

  focus(field: keyof Fields): void {
    this.#focused = field;
  }

  /** Focus has left the field: there is nothing to wait for. */
  leave(field: keyof Fields): void {
    if (this.#focused === field) this.#focused = null;
    if (this.#unsent.length > 0) void this.flush();
    else this.#settle([field]);
  }

  /** Saves what is not saved yet. Resolves when that has been tried. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#sending ??= this.#saveAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  /** Tries again what a lost connection broke. */
  retry(): void {
    if (this.problem !== null) void this.flush();
  }

  /** Forgets what is not saved, for the page goes away. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), delayMs);
  }

  async #saveAll(): Promise<void> {
    this.#isSending = true;
    while (this.#unsent.length > 0) {
      const fields = this.#unsent;
      const change = Object.fromEntries(
        fields.map((field) => [field, this.#drafts[field]]),
      ) as Partial<Fields>;
      this.#unsent = [];
      try {
        await this.#send(change);
        this.problem = null;
        this.#settle(fields.filter((field) => this.#drafts[field] === change[field]));
      } catch (cause) {
        if (!this.#takeRefusal(toApiError(cause), fields)) break;
      }
    }
    this.#isSending = false;
  }

  /** Says at the fields what is wrong with them. Returns whether the others can be sent at once. */
  #takeRefusal(error: ApiError, fields: readonly (keyof Fields)[]): boolean {
    const issues = error.issues.map(({ path, message }) => [path.split('.')[0], sentence(message)] as const);
    const blamed = this.#fieldOf(error);
    if (issues.length === 0 && blamed !== null) issues.push([String(blamed), error.message]);
    const wrong = Object.fromEntries(
      issues.filter(([name]) => fields.includes(name as keyof Fields)).toReversed(),
    ) as Partial<Record<keyof Fields, string>>;
    // What was typed again meanwhile is not what was refused.
    const refused = fields.filter((field) => !this.#unsent.includes(field));
    this.errors = {
      ...this.errors,
      ...Object.fromEntries(refused.flatMap((field) => (wrong[field] ? [[field, wrong[field]]] : []))),
    };
    const isAtFault = Object.keys(wrong).length > 0;
    this.#unsent = [...refused.filter((field) => !wrong[field]), ...this.#unsent];
    if (isAtFault) return true;
    this.problem = error.message;
    if (error.kind !== 'refused') this.#schedule(RETRY_MS);
    return false;
  }

  /** What is saved is from now on what the server says, unless somebody is still typing in it. */
  #settle(fields: readonly (keyof Fields)[]): void {
    const isDone = (field: string) =>
      fields.includes(field as keyof Fields) &&
      field !== this.#focused &&
      !this.#unsent.includes(field as keyof Fields) &&
      this.errors[field as keyof Fields] === undefined;
    this.#drafts = Object.fromEntries(
      Object.entries(this.#drafts).filter(([field]) => !isDone(field)),
    ) as Partial<Fields>;
  }
}
