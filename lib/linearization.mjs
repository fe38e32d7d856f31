// What other packages may import (docs/linearization.md). It loads the TypeScript itself, so that they need not.
import { tsImport } from "tsx/esm/api";

export const { linearize } = await tsImport("../model/linearization.ts", import.meta.url);
