import { Option } from "commander";
import { strategyNames } from "../properties/generate/strategy-name.ts";

/** `--strategy <name>` */
export function strategyOption(): Option {
  const text = "where cases come from: swarm, a random walk, PCT, or every order of small programs";
  return new Option("--strategy <name>", text).choices(strategyNames).default("swarm");
}
