// What of a page is cut off (WCAG 2.2, 1.4.10): elements whose text is wider than its box and cannot be scrolled to by keyboard, elements that stand
// outside, and the page itself where it scrolls sideways.
export function cutTexts(): string[] {
  const page = document.documentElement;
  const faults = page.scrollWidth > page.clientWidth + 1 ? [`the page is ${page.scrollWidth} wide in ${page.clientWidth}`] : [];
  for (const one of document.querySelectorAll<HTMLElement>('body *')) {
    if (!one.checkVisibility() || one.closest('.spoken, [tabindex="0"]') !== null || one.localName === 'canvas') continue;
    const name = `${one.localName}.${one.className} "${(one.textContent ?? '').trim().slice(0, 40)}"`;
    if (getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1) faults.push(`${name} is ${one.scrollWidth} wide in ${one.clientWidth}`);
    const { right, left, width } = one.getBoundingClientRect();
    if (width > 1 && (right > page.clientWidth + 1 || left < -1)) faults.push(`${name} stands outside`);
  }
  return faults;
}

/** The share of the window's height that an element takes. */
export function heightShare(selector: string): number {
  return (document.querySelector(selector)?.getBoundingClientRect().height ?? 0) / window.innerHeight;
}
