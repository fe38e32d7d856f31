import { Command } from "commander";
import { mergeCommand } from "./report-merge.ts";

/** `counterpoint report` */
export function reportCommand(): Command {
  return new Command("report").description("work on what campaigns have left").addCommand(mergeCommand());
}
