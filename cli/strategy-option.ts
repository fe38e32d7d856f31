import { Option } from "commander";
import { strategyNames } from "../properties/generate/strategy-name.ts";

/** `--strategy <name>` */
export function strategyOption(): Option {
  const text =
    "where cases come from: swarm, a random walk, PCT, every order of small programs, or mutants of cases that reached something new";
  return new Option("--strategy <name>", text).choices(strategyNames).default("swarm");
}
