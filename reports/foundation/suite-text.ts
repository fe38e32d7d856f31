import type { TestResult } from "../../sim/foundation/suites/run-suite.ts";
import { hanging, type Style } from "../terminal/layout.ts";
import { printable } from "../terminal/printable.ts";

/** A line for a test; below a failed one what was seen. */
function line({ id, name, status, details }: TestResult, style: Style): string {
  if (status === "passed") return `${style.green("passed")}  ${id}: ${name}`;
  return [`${style.red("failed")}  ${id}: ${name}`, ...hanging("        ", printable(details))].join("\n");
}

/** Contract 6, word by word: `N passed, N failed`, alone on its line. */
function closing(results: readonly TestResult[]): string {
  const failed = results.filter(({ status }) => status === "failed").length;
  return `${results.length - failed} passed, ${failed} failed`;
}

export const suiteText = { line, closing };
