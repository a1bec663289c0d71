import { browser } from '$app/environment';
import { readStored, writeStored } from '$lib/stored.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = 'melro.theme';

function isTheme(value: unknown): value is Theme {
  return THEMES.some((theme) => theme === value);
}

/** The chosen theme. app.html applies it before the first paint, this class when it changes. */
class ThemeChoice {
  #chosen = $state<Theme>(readStored(STORAGE_KEY, isTheme, 'system'));

  get chosen(): Theme {
    return this.#chosen;
  }

  set chosen(theme: Theme) {
    this.#chosen = theme;
    writeStored(STORAGE_KEY, theme === 'system' ? null : theme);
    this.apply();
  }

  /** Sets the page's theme and the colour of the browser's own bars. */
  apply(): void {
    if (!browser) return;
    const root = document.documentElement;
    if (this.#chosen === 'system') delete root.dataset.theme;
    else root.dataset.theme = this.#chosen;
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      meta.dataset.own ??= meta.content;
      const background = getComputedStyle(root).backgroundColor;
      meta.content = this.#chosen === 'system' ? meta.dataset.own : background;
    }
  }
}

export const theme = new ThemeChoice();
