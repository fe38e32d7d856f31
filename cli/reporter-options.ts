import { type Command, InvalidArgumentError, Option } from "commander";
import { BadInput } from "./faults.ts";

export const reporterNames = ["text", "json", "junit", "sarif", "ctrf", "github", "markdown"] as const;
export type ReporterName = (typeof reporterNames)[number];

export interface ReporterOptions {
  readonly reporter?: readonly ReporterName[];
  readonly outputFile?: readonly string[];
  readonly json: boolean;
}

/** A format of the result, and where it goes: null for the terminal. */
export interface Output {
  readonly reporter: ReporterName;
  readonly file: string | null;
}

export function addReporterOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--reporter <name>",
        `format of the result, also several times: ${reporterNames.join(", ")} (default: text)`,
      ).argParser((text, before: readonly ReporterName[] | undefined) => [
        ...(before ?? []),
        reporterName(text),
      ]),
    )
    .option(
      "--output-file <[name=]file>",
      "file for a reporter, which else prints on stdout; its name may be left out where there is one",
      (text: string, before: readonly string[] | undefined) => [...(before ?? []), text],
    )
    .option("--json", "print one JSON document on stdout: --reporter json", false);
}

function reporterName(text: string): ReporterName {
  const name = reporterNames.find((each) => each === text);
  if (name === undefined) throw new InvalidArgumentError(`It must be one of ${reporterNames.join(", ")}.`);
  return name;
}

/** The formats that are asked for, each once and each to a place of its own. Throws BadInput. */
export function outputsOf({ reporter = [], outputFile = [], json }: ReporterOptions): readonly Output[] {
  const asked = json ? [...reporter, "json" as const] : reporter;
  const names = asked.length === 0 ? (["text"] as const) : asked;
  refuseTwice(names, (name) => `reporter ${name}`);
  const files = outputFile.map((text) => fileOf(text, names));
  refuseTwice(
    files.map(({ reporter: name }) => name),
    (name) => `--output-file for ${name}`,
  );
  refuseTwice(
    files.map(({ file }) => file),
    (file) => `--output-file ${file}`,
  );
  const outputs = names.map((name) => {
    return { reporter: name, file: files.find((each) => each.reporter === name)?.file ?? null };
  });
  refuseSharedStdout(outputs);
  return outputs;
}

function fileOf(text: string, names: readonly ReporterName[]): { reporter: ReporterName; file: string } {
  const [, before, rest = ""] = /^(\w+)=(.+)$/s.exec(text) ?? [];
  const named = reporterNames.find((each) => each === before);
  const [only, ...others] = names;
  if (named === undefined) {
    if (only !== undefined && others.length === 0 && text !== "") return { reporter: only, file: text };
    throw new BadInput(`--output-file ${text}: which of ${names.join(", ")} is it for? Write NAME=FILE`);
  }
  if (!names.includes(named)) throw new BadInput(`--output-file ${text}: there is no --reporter ${named}`);
  return { reporter: named, file: rest };
}

function refuseTwice<T extends string>(values: readonly T[], what: (value: T) => string): void {
  const twice = values.find((value, index) => values.indexOf(value) < index);
  if (twice !== undefined) throw new BadInput(`${what(twice)} is given twice`);
}

/** The text gives way to a machine's format: it goes to stderr then. */
function refuseSharedStdout(outputs: readonly Output[]): void {
  const machines = outputs.filter(({ reporter, file }) => reporter !== "text" && file === null);
  const names = machines.map(({ reporter }) => reporter);
  if (names.length > 1)
    throw new BadInput(`${names.join(" and ")} cannot share stdout; give all but one an --output-file`);
}
