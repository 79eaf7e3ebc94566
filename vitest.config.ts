import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // two cores on the smallest machine that has to pass
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["src/domain/**", "src/rules/**"],
      exclude: ["src/domain/documents.ts"],
      reporter: ["text", "json-summary"],
    },
  },
});
