import { Ajv, type AnySchemaObject, type ValidateFunction } from "ajv";
import fuzzResultSchema from "../schema/json/fuzz-result.schema.json" with { type: "json" };
import type { FuzzResult } from "../schema/json/fuzz-result.ts";
import replaySchema from "../schema/json/replay.schema.json" with { type: "json" };
import type { Replay } from "../schema/json/replay.ts";

/** What keeps a value from being a document of the schema: each fault with its place. Empty when there is none. */
export type Faults = readonly string[];

/** The checks of this package's documents. Compiled when first used: that takes 50 ms. */
export const replayFaults = checker<Replay>(replaySchema);
export const fuzzResultFaults = checker<FuzzResult>(fuzzResultSchema);

function checker<T>(schema: AnySchemaObject): (value: unknown) => Faults {
  let validate: ValidateFunction<T> | undefined;
  return (value) => {
    validate ??= new Ajv({ allErrors: true, discriminator: true, allowUnionTypes: true }).compile<T>(schema);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const name = (params as { readonly additionalProperty?: unknown }).additionalProperty;
      const extra = typeof name === "string" ? `: ${name}` : "";
      return `${instancePath === "" ? "/" : instancePath} ${message ?? "is wrong"}${extra}`;
    });
  };
}
