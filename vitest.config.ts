import { defineConfig } from "vitest/config";

/** Unit tests need no database. Database tests start servers of their own; two files at a time are what two cores carry. */
export default defineConfig({
  test: {
    include: ["{model,sim,properties,reports,cli,schema,scripts,lib,bench}/**/*.test.ts"],
    maxWorkers: 2,
    setupFiles: ["sim/testing/worker-folder.ts"],
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
