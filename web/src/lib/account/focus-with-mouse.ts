/** Focuses a field when it appears, but not where that would bring a keyboard up over half of the screen. */
export function focusWithMouse(element: HTMLElement): void {
  if (matchMedia('(hover: hover) and (pointer: fine)').matches) element.focus();
}
