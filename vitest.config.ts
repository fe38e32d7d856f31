import { defineConfig } from "vitest/config";

/** Unit tests need no database. Database tests share two cores with the servers that they start, so files run one by one. */
export default defineConfig({
  test: {
    include: ["{model,sim,properties,reports,cli,schema,scripts,lib}/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
