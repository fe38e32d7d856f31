import { strategies } from "../../properties/generate/strategies.ts";
import { hunt } from "../../properties/planted/hunt.ts";
import { casesFor, usualWay } from "../../properties/planted/ways.ts";
import type { Way } from "./way.ts";

/** This harness, as `counterpoint mutants` uses it: swarm, yields and crashes where the bug needs them; on the tree without
 *  a bug, in some of the cases. */
export const ours: Way = {
  id: "Counterpoint",
  counts: "cases",
  find: ({ bug, openLane }, search) => {
    const cases =
      bug === null
        ? strategies.swarm({ ...search, yields: "mix", crashes: "mix" })
        : casesFor(bug, usualWay, search);
    return hunt(openLane, { ...search, cases });
  },
};
