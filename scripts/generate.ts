import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { registerAsMarkdown } from "../properties/invariants/register.ts";
import { generatedTypes } from "./generated-types.ts";

for (const [path, text] of await generatedTypes()) await writeFile(path, text);
await writeFile(fileURLToPath(new URL("../docs/invariants.md", import.meta.url)), registerAsMarkdown());
