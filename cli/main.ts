import { Command, CommanderError } from "commander";
import { harnessVersion } from "../reports/harness-version.ts";
import { exitCodes, exitCodesHelp } from "./exit-codes.ts";
import { say, tolerateClosedPipe } from "./output.ts";

/** Each command, loaded when it is wanted: what fuzz needs takes longer to load than verify may take in all. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  fuzz: async () => (await import("./fuzz.ts")).fuzzCommand(),
  replay: async () => (await import("./replay.ts")).replayCommand(),
  report: async () => (await import("./report.ts")).reportCommand(),
  migrate: async () => (await import("./migrate.ts")).migrateCommand(),
  verify: async () => (await import("./verify.ts")).verifyCommand(),
  mutants: async () => (await import("./mutants.ts")).mutantsCommand(),
  foundation: async () => (await import("./foundation.ts")).foundationCommand(),
  doctor: async () => (await import("./doctor.ts")).doctorCommand(),
};

/** The command line. Sets process.exitCode, and lets the process end by itself when its work is done. */
export async function main(argv: readonly string[]): Promise<void> {
  tolerateClosedPipe();
  // Node's own exit code for an uncaught error is 1, which here means that the subject is violated.
  process.on("uncaughtException", (error) => void fail(error));
  try {
    await (await program(argv[2])).parseAsync(argv);
  } catch (error) {
    await fail(error);
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
  for (const command of withSubcommands(root)) {
    command.exitOverride().showHelpAfterError("(--help shows the options)");
  }
  return root;
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

async function fail(error: unknown): Promise<void> {
  if (error instanceof CommanderError) {
    // It was said already.
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
    return;
  }
  const { faultOf } = await import("./faults.ts");
  const { exitCode, message } = faultOf(error);
  say(`counterpoint: ${message}`);
  process.exitCode = exitCode;
}
