// Rows grouped by adapter, [K adapters, S rows of each]: what every graph of several adapters takes. Groups shorter than the longest
// are filled up. Without any adapter there is one group and the graph has no adapter inputs.
import { adapterLayout, type AdapterLayout } from '../lora/adapterLayout.ts';
import { stackAdapters, type FlatAdapter } from '../lora/flatAdapter.ts';
import { padRank } from '../lora/padRank.ts';
import type { ModelConfig } from '../model/modelConfig.ts';
import { adaptedLinears } from '../model/modelTensors.ts';
import type { Tensors } from '../runtime/runtime.ts';

export interface StackedAdapters {
  readonly layout: AdapterLayout | undefined;
  /** Names the graph: 'base' or the rank. */
  readonly key: string;
  /** `adapters` [K, size] and `scale` [K], or nothing. */
  readonly inputs: Tensors;
}

export function distinctAdapters(items: readonly { readonly adapter: FlatAdapter | null }[]): (FlatAdapter | null)[] {
  return [...new Set(items.map(({ adapter }) => adapter))];
}

/** The base among adapters is an adapter of zeros. */
export function stackForGraph(config: ModelConfig, adapters: readonly (FlatAdapter | null)[]): StackedAdapters {
  if (adapters.every((adapter) => adapter === null)) return { layout: undefined, key: 'base', inputs: {} };
  const linears = adaptedLinears(config);
  const layout = adapterLayout(linears, Math.max(...adapters.map((adapter) => adapter?.rank ?? 0)));
  const none = { rank: layout.rank, alpha: layout.rank, values: new Float32Array(adapters.includes(null) ? layout.size : 0) };
  const { values, scale } = stackAdapters(layout, adapters.map((adapter) => (adapter === null ? none : padRank(linears, adapter, layout.rank))));
  return {
    layout,
    key: `rank${layout.rank}`,
    inputs: {
      adapters: { dtype: 'f32', shape: [adapters.length, layout.size], data: values },
      scale: { dtype: 'f32', shape: [adapters.length], data: scale },
    },
  };
}

/** Items of each adapter side by side; the last groups may have filling rows. */
export function groupRows<Item extends { readonly adapter: FlatAdapter | null }>(
  items: readonly Item[],
  adapters: readonly (FlatAdapter | null)[],
): (Item | null)[][] {
  const groups = adapters.map((adapter) => items.filter((item) => item.adapter === adapter));
  const longest = Math.max(...groups.map(({ length }) => length));
  return groups.map((group) => Array.from({ length: longest }, (_, row) => group[row] ?? null));
}
