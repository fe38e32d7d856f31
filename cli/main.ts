import { Command } from "commander";
import { harnessVersion } from "../reports/harness-version.ts";
import { exitCodesHelp } from "./exit-codes.ts";
import { faultOf } from "./faults.ts";
import { say, tolerateClosedPipe } from "./output.ts";

/** Each command, loaded when it is wanted: what fuzz needs takes longer to load than verify may take in all. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  fuzz: async () => (await import("./fuzz.ts")).fuzzCommand(),
  replay: async () => (await import("./replay.ts")).replayCommand(),
  migrate: async () => (await import("./migrate.ts")).migrateCommand(),
  verify: async () => (await import("./verify.ts")).verifyCommand(),
  foundation: async () => (await import("./foundation.ts")).foundationCommand(),
  doctor: async () => (await import("./doctor.ts")).doctorCommand(),
};

/** The command line. Sets process.exitCode, and lets the process end by itself when its work is done. */
export async function main(argv: readonly string[]): Promise<void> {
  tolerateClosedPipe();
  // Node's own exit code for an uncaught error is 1, which here means that the subject is violated.
  process.on("uncaughtException", (error) => {
    fail(error);
  });
  try {
    await (await program(argv[2])).parseAsync(argv);
  } catch (error) {
    fail(error);
  }
}

/** With the command of this name alone, or where there is none with all. */
async function program(name: string | undefined): Promise<Command> {
  const root = new Command("counterpoint")
    .description("A PostgreSQL payment outbox, and the fuzzer that plays it against a pure model.")
    .version(harnessVersion)
    .addHelpText("after", exitCodesHelp);
  const wanted = Object.hasOwn(commands, name ?? "") ? [commands[name ?? ""]] : Object.values(commands);
  for (const load of wanted) if (load !== undefined) root.addCommand(await load());
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
