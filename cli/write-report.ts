import { writeFile } from "node:fs/promises";
import { BadInput } from "./faults.ts";

/** Writes what an option asked for into a file. Rejects with BadInput where it can't be written. */
export async function writeReport(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: unknown) => {
    throw new BadInput(
      `${path} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
  });
}
