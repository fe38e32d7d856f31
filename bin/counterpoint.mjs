#!/usr/bin/env node
// The harness is TypeScript, run as it is written.
import { register } from "tsx/esm/api";

register();
const { main } = await import("../cli/main.ts");
await main(process.argv);
