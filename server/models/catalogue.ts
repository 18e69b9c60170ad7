// Models on the hub that Graft is tried with. Licences as the models' cards state them; a pull shows the card's own.

export interface CatalogueEntry {
  readonly repository: string;
  readonly parameters: number;
  readonly licence: string;
}

export const catalogue: readonly CatalogueEntry[] = [
  { repository: 'Qwen/Qwen2.5-Coder-0.5B', parameters: 494_000_000, licence: 'apache-2.0' },
  { repository: 'Qwen/Qwen2.5-Coder-1.5B', parameters: 1_540_000_000, licence: 'apache-2.0' },
  { repository: 'Qwen/Qwen2.5-Coder-3B', parameters: 3_090_000_000, licence: 'qwen-research' },
  { repository: 'Qwen/Qwen2.5-Coder-7B', parameters: 7_610_000_000, licence: 'apache-2.0' },
];
