import { browser } from '$app/environment';

const STORAGE_KEY = 'melro.access-key';

/** The key that stands for a person until there are accounts. It lives as long as the tab. */
class AccessKey {
  value = $state<string | null>(browser ? sessionStorage.getItem(STORAGE_KEY) : null);
  /** True while the dialog is to be shown. */
  isAsked = $state(false);
  #waiting: ((isGiven: boolean) => void)[] = [];

  /** Asks the person for a key; resolves to whether one was given. */
  ask(): Promise<boolean> {
    this.isAsked = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Answers whoever asked; null means that the person would rather not, or signs out. */
  answer(key: string | null): void {
    if (key !== null) {
      this.value = key;
      sessionStorage.setItem(STORAGE_KEY, key);
    }
    this.isAsked = false;
    for (const resolve of this.#waiting.splice(0)) resolve(key !== null);
  }

  forget(): void {
    this.value = null;
    sessionStorage.removeItem(STORAGE_KEY);
  }
}

export const accessKey = new AccessKey();
