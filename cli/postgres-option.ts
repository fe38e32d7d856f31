import { Option } from "commander";
import {
  type EmbeddedOptions,
  type EmbeddedProvider,
  embeddedProvider,
} from "../sim/database/embedded/provider.ts";
import { majors } from "../sim/database/embedded/binaries.ts";

export interface PostgresOption {
  /** As text, one of the choices. */
  readonly postgres?: string;
}

/** `--postgres <major>`: which PostgreSQL the embedded server is. */
export function postgresOption(): Option {
  const text = `major version of the embedded server (default: ${majors[0]})`;
  return new Option("--postgres <major>", text).choices(majors.map(String));
}

/** The embedded server that the option asks for. */
export function embeddedOf({ postgres }: PostgresOption): EmbeddedProvider {
  const major = majors.find((each) => String(each) === postgres);
  const options: EmbeddedOptions = major === undefined ? {} : { major };
  return embeddedProvider(options);
}
