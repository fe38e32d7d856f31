import { BadReplay } from "../reports/bad-replay.ts";
import { ConnectionLost, SqlError } from "../sim/database/connection.ts";
import { MigrationRefused } from "../sim/database/migrations.ts";
import { MigrationFailed } from "../sim/database/migrator.ts";
import { EnvironmentFault } from "../sim/database/server.ts";
import { SubjectIncomplete } from "../sim/subject-names.ts";
import { exitCodes } from "./exit-codes.ts";

/** What was given is at fault: an option, a file. */
export class BadInput extends Error {
  override readonly name = "BadInput";
}

export interface Fault {
  readonly exitCode: number;
  readonly message: string;
}

/** What an error means for the user. One that nobody foresaw is the harness's own bug: then nothing is known about the
 *  subject, and 1 would claim that it is violated. */
export function faultOf(error: unknown): Fault {
  const { badInput, environmentFault, unknown } = exitCodes;
  if (error instanceof BadInput || error instanceof BadReplay || error instanceof SubjectIncomplete)
    return { exitCode: badInput, message: error.message };
  if (error instanceof MigrationRefused)
    return { exitCode: badInput, message: `migration refused: ${error.message}` };
  if (error instanceof MigrationFailed)
    return { exitCode: badInput, message: `migration failed: ${error.message}` };
  if (error instanceof EnvironmentFault) return { exitCode: environmentFault, message: error.message };
  if (error instanceof ConnectionLost)
    return { exitCode: environmentFault, message: `the connection to the server ended: ${error.message}` };
  if (error instanceof SqlError) {
    const message = `the server refused what the harness needs: ${error.message} (SQLSTATE ${error.sqlstate})`;
    return { exitCode: environmentFault, message };
  }
  return { exitCode: unknown, message: `a bug of counterpoint itself: ${stackOf(error)}` };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
