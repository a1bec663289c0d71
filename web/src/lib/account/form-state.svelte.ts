import { tick } from 'svelte';
import { toApiError } from '$lib/api/api-error.ts';
import { sentencesByField } from './sentences.ts';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const CONTROLS = 'input, select, textarea';

function controlsOf(form: HTMLFormElement): Control[] {
  return [...form.elements].filter(
    (element): element is Control => element.matches(CONTROLS) && element.getAttribute('name') !== null,
  );
}

/** What the browser finds wrong with a control, in our words. */
function complaintOf({ validity, dataset, type }: Control): string | null {
  if (validity.valid) return null;
  if (validity.valueMissing) return dataset.missing ?? 'Please fill this in.';
  if (validity.typeMismatch && type === 'email') return 'Enter an email address, such as you@example.com.';
  return dataset.invalid ?? 'This does not look right.';
}

/** A form that is sent by script: what it says of its fields, and whether it is being sent. */
export class FormState {
  isBusy = $state(false);
  /** Sentences by the names of fields; '' is about the whole form. */
  errors = $state.raw<Record<string, string>>({});
  /** What to say once it has been done. */
  done = $state<string | null>(null);

  get problem(): string | null {
    return this.errors[''] ?? null;
  }

  /** Forgets what was said of a field, for it is being changed. */
  clear(name: string): void {
    this.done = null;
    if (this.errors[name] === undefined) return;
    const { [name]: _, ...rest } = this.errors;
    this.errors = rest;
  }

  /**
   * Sends the form with `act`, unless it is being sent or a field is not filled in. Focus goes to what is wrong.
   * `act` returns what to say when it is done, or nothing where that shows by itself.
   */
  async submit(event: SubmitEvent, act: (values: Record<string, string>) => Promise<unknown>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    if (this.isBusy) return;
    this.done = null;
    const controls = controlsOf(form);
    const complaints = controls.flatMap((control) => {
      const complaint = complaintOf(control);
      return complaint === null ? [] : [[control.name, complaint]];
    });
    this.errors = Object.fromEntries(complaints) as Record<string, string>;
    if (complaints.length > 0) return this.#showFirst(form);
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    this.isBusy = true;
    try {
      const done = await act(values);
      this.done = typeof done === 'string' ? done : null;
    } catch (error) {
      this.errors = sentencesByField(
        toApiError(error),
        controls.map(({ name }) => name),
      );
    }
    this.isBusy = false;
    if (Object.keys(this.errors).length > 0) await this.#showFirst(form);
  }

  async #showFirst(form: HTMLFormElement): Promise<void> {
    await tick();
    form.querySelector<HTMLElement>('[aria-invalid="true"], [data-problem]')?.focus();
  }
}
