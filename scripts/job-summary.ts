import { readFileSync } from "node:fs";
import { jobSummary } from "../reports/job-summary.ts";
import type { FuzzResult } from "../schema/json/fuzz-result.ts";

/** Usage: node --import tsx scripts/job-summary.ts FILE, a document of `fuzz --json`. */
const [file = ""] = process.argv.slice(2);
process.stdout.write(jobSummary(JSON.parse(readFileSync(file, "utf8")) as FuzzResult));
