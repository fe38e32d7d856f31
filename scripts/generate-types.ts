import { writeFile } from "node:fs/promises";
import { generatedTypes } from "./generated-types.ts";

for (const [path, text] of await generatedTypes()) await writeFile(path, text);
