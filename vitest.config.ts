// Test tiers by what they need. Each is a vitest project, so `npm test -- --project unit` runs one.
import { defineConfig } from 'vitest/config';

const tier = (name: string, testTimeout: number) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: 60_000 },
});

export default defineConfig({
  test: {
    projects: [tier('unit', 20_000), tier('host', 60_000), tier('model', 180_000)],
    // Two cores: more workers only make the sandbox tests and onnxruntime fight.
    maxWorkers: 2,
    reporters: ['default'],
  },
});
