// Text without its layout: white space at the ends goes, every other run of it becomes one space.
export function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
