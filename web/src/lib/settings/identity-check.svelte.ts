import { ApiError, toApiError } from '$lib/api/api-error.ts';

/** Asks people to show once more that it is them, where the API wants that before a change. */
class IdentityCheck {
  /** True while the dialog is to be shown. */
  isAsked = $state(false);
  #answer: ((isShown: boolean) => void) | null = null;

  /** Does `act`; where a recent sign-in is needed, asks for it first and does it again. Throws what `act` throws. */
  async before<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (cause) {
      if (toApiError(cause).code !== 'recent_sign_in_required') throw cause;
      if (!(await this.#ask())) throw new ApiError('refused', 'Nothing was changed.');
      return act();
    }
  }

  #ask(): Promise<boolean> {
    this.answer(false);
    this.isAsked = true;
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  answer(isShown: boolean): void {
    this.isAsked = false;
    this.#answer?.(isShown);
    this.#answer = null;
  }
}

export const identityCheck = new IdentityCheck();
