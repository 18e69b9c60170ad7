// Test tiers by what they need. Each is a vitest project, so `npm test -- --project unit` runs one.
import { defineConfig } from 'vitest/config';
import { vulkanForTests } from './test/support/softwareVulkan.ts';

const tier = (name: string, testTimeout: number, env: Record<string, string> = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: 60_000, env },
});

const vulkan = vulkanForTests();
if (vulkan === null) console.warn('The tier gpu is left out: no Vulkan (Debian\'s package chromium has a software one; GRAFT_GPU=1 says that there is a real one).');

export default defineConfig({
  test: {
    projects: [tier('unit', 20_000), tier('host', 60_000), tier('model', 180_000), ...(vulkan === null ? [] : [tier('gpu', 180_000, vulkan)])],
    // Two cores: more workers only make the sandbox tests and onnxruntime fight.
    maxWorkers: 2,
    reporters: ['default'],
  },
});
