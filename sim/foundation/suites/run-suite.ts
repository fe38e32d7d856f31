import { SqlError } from "../../database/connection.ts";
import { MigrationFailed } from "../../database/migrator.ts";
import { type Bench, type FoundationTest, NotAsPromised, type Suite } from "./suite.ts";

export interface TestResult extends Omit<FoundationTest, "run"> {
  readonly status: "passed" | "failed";
  /** What was seen, or what is not as promised. */
  readonly details: string;
}

/** Runs the tests one after another. What the server says or does otherwise than promised is a failed test; rejects where
 *  the environment is at fault. */
export async function runSuite(
  { tests }: Suite,
  bench: Bench,
  onResult: (result: TestResult) => void,
): Promise<void> {
  for (const { run, ...test } of tests) onResult({ ...test, ...(await outcome(run, bench)) });
}

async function outcome(
  run: FoundationTest["run"],
  bench: Bench,
): Promise<Pick<TestResult, "status" | "details">> {
  try {
    return { status: "passed", details: await run(bench) };
  } catch (error) {
    if (error instanceof SqlError)
      return { status: "failed", details: `${error.message} (SQLSTATE ${error.sqlstate})` };
    if (error instanceof NotAsPromised || error instanceof MigrationFailed)
      return { status: "failed", details: error.message };
    throw error;
  }
}
