import { expectedEnums } from "../../../model/foundation/tables.ts";
import { need } from "../catalog.ts";
import { type Check, mendedByHand } from "../check.ts";

/** Contract 2: the enums with their labels, in order. */
export const enumChecks: readonly Check[] = expectedEnums.map(({ name, labels }): Check => ({
  id: `enum.${name}`,
  name: `${name} has exactly the contract's labels, in order`,
  contract: "2",
  weak: false,
  judge: ({ enums }) => {
    const found = need(enums).find((each) => each.name === name)?.labels;
    if (found?.join(" ") === labels.join(" ")) return [];
    const said =
      found === undefined ? `there is no enum public.${name}` : `its labels are ${found.join(", ")}`;
    const missing = labels.filter((label) => found?.includes(label) === false);
    return [
      mendedByHand(
        `${said}; they must be ${labels.join(", ")}`,
        missing.length > 0
          ? `ALTER TYPE public.${name} ADD VALUE, for ${missing.join(", ")}`
          : "make the type anew, in a new migration: a label cannot be dropped or moved",
      ),
    ];
  },
}));
