// Builds DOM elements. Text is set as text, never parsed as HTML: nothing that a repository or a model wrote can become markup.
type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** `true` sets an attribute without value; `false` and null leave it out. */
export function element<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children);
  return made;
}

/** A section with its heading, named by it for screen readers. */
export function section(id: string, heading: string, ...children: (Node | string)[]): HTMLElement {
  return element('section', { id, 'aria-labelledby': `${id}-heading` }, element('h2', { id: `${id}-heading` }, heading), ...children);
}

/** Native: opens by keyboard and is announced without a line of script. */
export function disclosure(summary: (Node | string)[], ...children: (Node | string)[]): HTMLDetailsElement {
  return element('details', {}, element('summary', {}, ...summary), ...children);
}

export interface TableText {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | Node)[])[];
}

/** The first cell of a row is its heading. */
export function table({ caption, head, rows }: TableText): HTMLElement {
  const body = rows.map(([first, ...rest]) => element('tr', {}, element('th', { scope: 'row' }, first ?? ''), ...rest.map((cell) => element('td', {}, cell))));
  return element(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': caption },
    element('table', {}, element('caption', {}, caption), element('thead', {}, element('tr', {}, ...head.map((name) => element('th', { scope: 'col' }, name)))), element('tbody', {}, ...body)),
  );
}

/** What overflows must be reachable by keyboard; what does not must not be one more stop on the way. */
export function letScrollersFocus(within: HTMLElement): void {
  for (const box of within.querySelectorAll<HTMLElement>('pre, .scroll')) {
    if (box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  }
}
