// Texts whose contrast to what is behind them is below a bound (WCAG 2.2, 1.4.3). Text that custom elements draw is the library's and left out.
export function faintTexts(least: number): string[] {
  const faults: string[] = [];
  for (const one of document.querySelectorAll<HTMLElement>('body *')) {
    const hasText = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '');
    if (!hasText || !one.checkVisibility() || one.closest('.spoken, .uplot') !== null || one.localName.startsWith('vscode-')) continue;
    const ground = behind(one);
    const [front, back] = [lightness(laidOver(channels(getComputedStyle(one).color), ground)), lightness(ground)];
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (ratio < least) faults.push(`${ratio.toFixed(2)} ${one.localName}.${one.className} "${(one.textContent ?? '').trim().slice(0, 40)}"`);
  }
  return faults;
}

function channels(colour: string): number[] {
  const hex = /^#(..)(..)(..)/.exec(colour.trim());
  return hex === null ? (colour.match(/[\d.]+/g) ?? []).map(Number) : hex.slice(1).map((part) => Number.parseInt(part, 16));
}

/** A colour that is partly see-through, as it is seen on its ground. */
function laidOver([red = 0, green = 0, blue = 0, share = 1]: readonly number[], ground: readonly number[]): number[] {
  return [red, green, blue].map((value, index) => share * value + (1 - share) * (ground[index] ?? 0));
}

/** Relative luminance, of sRGB. */
function lightness([red = 0, green = 0, blue = 0]: readonly number[]): number {
  const linear = (value: number): number => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** The nearest ground that is not see-through; last the editor's own. */
function behind(of: Element): number[] {
  for (let at: Element | null = of; at !== null; at = at.parentElement) {
    const colour = channels(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || (colour[3] ?? 0) > 0.9) return colour;
  }
  return channels(getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background'));
}
