// Cutting a list of items down without losing a file: every file's first item comes before any file's second.

export function spreadOverFiles<T extends { readonly path: string }>(items: readonly T[], limit: number): readonly T[] {
  const turns = new Map<string, number>();
  const turned = items.map((item) => {
    const turn = turns.get(item.path) ?? 0;
    turns.set(item.path, turn + 1);
    return { item, turn };
  });
  return turned
    .sort((a, b) => a.turn - b.turn)
    .slice(0, limit)
    .map(({ item }) => item);
}
