// Where things lie under `<common git dir>/graft`. Branch names become file names by percent-encoding everything but
// lower-case letters, digits and `._-`: upper case too, since `Fix` and `fix` are one file on macOS and Windows.
import { sha256 } from '../base/hash.ts';

export const manifestFile = 'manifest.json';
export const adapterFiles = ['adapter_config.json', 'adapter_model.safetensors'] as const;
export const weightsFile = adapterFiles[1];
export const pairsFile = 'pairs.jsonl';
export const probesFile = 'probes.jsonl';
export const trainingFile = 'training.jsonl';
export const rewardFile = 'reward.json';

/** Longest encoded name; git allows branch names that no file system would take encoded. */
const longestName = 180;

export function branchFileName(branch: string): string {
  const encoded = [...new TextEncoder().encode(branch)]
    .map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`))
    .join('');
  const short = encoded.length <= longestName ? encoded : `${encoded.slice(0, longestName)}~${sha256(branch).slice(0, 16)}`;
  return `${short}.json`;
}

function isPlain(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2e || byte === 0x5f;
}

/** Version and policy ids as the store makes them; anything else never becomes part of a path. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text);
}

export interface Layout {
  readonly root: string;
  readonly versions: string;
  readonly branches: string;
  readonly policies: string;
  readonly progress: string;
  readonly aside: string;
  readonly scratch: string;
  readonly journal: string;
  readonly forgotten: string;
  readonly struck: string;
  readonly edited: string;
  /** There while the user has paused learning. */
  readonly paused: string;
  /** What became of suggestions; never read by a cycle's verdict. */
  readonly feedback: string;
  readonly writeLock: string;
  readonly learningLock: string;
}

export function layoutOf(root: string): Layout {
  return {
    root,
    versions: `${root}/versions`,
    branches: `${root}/branches`,
    policies: `${root}/policy`,
    progress: `${root}/progress`,
    aside: `${root}/aside`,
    scratch: `${root}/scratch`,
    journal: `${root}/journal.jsonl`,
    forgotten: `${root}/forgotten.json`,
    struck: `${root}/struck.json`,
    edited: `${root}/edited.json`,
    paused: `${root}/paused.json`,
    feedback: `${root}/feedback.jsonl`,
    writeLock: `${root}/write`,
    learningLock: `${root}/learning`,
  };
}
