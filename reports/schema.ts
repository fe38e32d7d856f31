import { Ajv, type AnySchemaObject, type ValidateFunction } from "ajv";
import explanationSchema from "../schema/json/explanation.schema.json" with { type: "json" };
import fuzzResultSchema from "../schema/json/fuzz-result.schema.json" with { type: "json" };
import evidenceSchema from "../schema/json/evidence.schema.json" with { type: "json" };
import mutantsResultSchema from "../schema/json/mutants-result.schema.json" with { type: "json" };
import replayResultSchema from "../schema/json/replay-result.schema.json" with { type: "json" };
import replaySchema from "../schema/json/replay.schema.json" with { type: "json" };
import verifyResultSchema from "../schema/json/verify-result.schema.json" with { type: "json" };

/** What keeps a value from being a document of the schema: each fault with its place. Empty when there is none. */
export type Faults = readonly string[];

/** The checks of this package's documents. Compiled when first used: that takes 50 ms. */
export const explanationFaults = checker(explanationSchema);
export const replayFaults = checker(replaySchema);
export const fuzzResultFaults = checker(fuzzResultSchema);
export const replayResultFaults = checker(replayResultSchema);
export const verifyResultFaults = checker(verifyResultSchema);
export const evidenceFaults = checker(evidenceSchema);
export const mutantsResultFaults = checker(mutantsResultSchema);

function checker(schema: AnySchemaObject): (value: unknown) => Faults {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= new Ajv({ allErrors: true, discriminator: true, allowUnionTypes: true }).compile(schema);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const name = (params as { readonly additionalProperty?: unknown }).additionalProperty;
      const extra = typeof name === "string" ? `: ${name}` : "";
      return `${instancePath === "" ? "/" : instancePath} ${message ?? "is wrong"}${extra}`;
    });
  };
}
