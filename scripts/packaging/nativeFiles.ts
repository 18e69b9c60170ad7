// Which files of onnxruntime-node one platform needs: its own binding and library. The CUDA and TensorRT providers, which npm's package may
// hold for Linux, stay out: hundreds of megabytes that nothing here loads.
import { readdirSync } from 'node:fs';
import { join } from 'node:path/posix';

/** VS Code's names of platforms for which onnxruntime-node has a binary. Its release has none for Intel Macs and none for musl (Alpine). */
export const targets = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'] as const;

/** Below onnxruntime-node; null where it has no binary. The names of Node's platforms and VS Code's targets agree for these. */
export function nativeFolderOf(target: string): string | null {
  const known = targets.find((name) => name === target);
  if (known === undefined) return null;
  const [platform, architecture] = known.split('-') as [string, string];
  return join('bin', 'napi-v6', platform, architecture);
}

export function hostTarget(): string {
  return `${process.platform}-${process.arch}`;
}

const unwanted = /providers_(cuda|tensorrt)/i;

export function nativeFilesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => !unwanted.test(name)).sort();
}
