// Where the tier `gpu` finds a Vulkan: what GRAFT_GPU says is there (`GRAFT_GPU=1`: a real one), else the software one (SwiftShader) that comes with
// Debian's Chromium. Null: neither. The loader reads these variables when a process starts, so vitest starts the tier's workers with them.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const chromium = '/usr/lib/chromium';
const driver = `${chromium}/vk_swiftshader_icd.json`;

export function vulkanForTests(): Record<string, string> | null {
  if (process.env['GRAFT_GPU'] === '1') return {};
  if (process.platform !== 'linux' || !existsSync(driver) || !existsSync(`${chromium}/libvulkan.so.1`)) return null;
  return { VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: chromium, XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? tmpdir() };
}
