// Where the focus can go, in the order of the page, and where it is. Elements are named by their tag and text.
const stops = 'vscode-button, vscode-checkbox, vscode-textfield, vscode-textarea, summary, a[href], [tabindex="0"]';

/** Hidden, closed and disabled ones are left out. */
export function focusStops(): string[] {
  const all = [...document.querySelectorAll<HTMLElement>(stops)];
  return all.filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.hasAttribute('disabled')).map(nameOf);
}

/** To the page's beginning, as if it had just been opened. */
export function focusPage(): void {
  window.focus();
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
}

export function focusedName(): string {
  const one = document.activeElement;
  return one === null || one === document.body ? 'nothing' : nameOf(one);
}

function nameOf(one: Element): string {
  return `${one.localName} ${(one.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 60)}`;
}
