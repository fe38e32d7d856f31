import { Command } from "commander";
import { harnessVersion } from "../reports/harness-version.ts";
import { doctorCommand } from "./doctor.ts";
import { exitCodesHelp } from "./exit-codes.ts";
import { faultOf } from "./faults.ts";
import { fuzzCommand } from "./fuzz.ts";
import { migrateCommand } from "./migrate.ts";
import { say, tolerateClosedPipe } from "./output.ts";
import { replayCommand } from "./replay.ts";

/** The command line. Sets process.exitCode, and lets the process end by itself when its work is done. */
export async function main(argv: readonly string[]): Promise<void> {
  tolerateClosedPipe();
  // Node's own exit code for an uncaught error is 1, which here means that the subject is violated.
  process.on("uncaughtException", (error) => {
    fail(error);
  });
  try {
    await program().parseAsync(argv);
  } catch (error) {
    fail(error);
  }
}

function program(): Command {
  const root = new Command("counterpoint")
    .description("A PostgreSQL payment outbox, and the fuzzer that plays it against a pure model.")
    .version(harnessVersion)
    .addHelpText("after", exitCodesHelp);
  for (const command of [fuzzCommand(), replayCommand(), migrateCommand(), doctorCommand()]) {
    root.addCommand(command);
  }
  for (const command of [root, ...root.commands]) {
    command.exitOverride().showHelpAfterError("(--help shows the options)");
  }
  return root;
}

function fail(error: unknown): void {
  const { exitCode, message } = faultOf(error);
  if (message !== "") say(`counterpoint: ${message}`);
  process.exitCode = exitCode;
}
