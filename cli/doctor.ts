import { Command } from "commander";
import type { Finding } from "./doctor-checks.ts";
import { exitCodes } from "./exit-codes.ts";
import { print, styleOf } from "./output.ts";
import type { Style } from "../reports/terminal/layout.ts";

const help = `
Exit codes: 0 all that the default needs is there (warnings are for what it does not need), 3 something is missing.`;

/** `counterpoint doctor` */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("check what this machine has of what the harness needs, and say what to do")
    .addHelpText("after", help)
    .action(async () => {
      process.exitCode = await doctor();
    });
}

async function doctor(): Promise<number> {
  const { checks } = await import("./doctor-checks.ts");
  const style = styleOf(process.stdout);
  let failed = false;
  for (const { name, check } of checks) {
    const finding = await check().catch((error: unknown): Finding => {
      return { state: "fail", detail: error instanceof Error ? error.message : String(error) };
    });
    failed ||= finding.state === "fail";
    print(line(name, finding, style));
  }
  return failed ? exitCodes.environmentFault : exitCodes.ok;
}

function line(name: string, { state, detail }: Finding, style: Style): string {
  const colour = { ok: style.green, warn: style.yellow, fail: style.red }[state];
  return `${colour(state.padEnd(4))}  ${name}: ${detail}`;
}
