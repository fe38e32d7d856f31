import { claimBugs } from "./claim-bugs.ts";
import { completeBugs } from "./complete-bugs.ts";
import { durabilityBugs } from "./durability-bugs.ts";
import { enqueueBugs } from "./enqueue-bugs.ts";
import { ledgerBugs } from "./ledger-bugs.ts";
import type { PlantedBug } from "./planted-bug.ts";
import { repairBugs } from "./repair-bugs.ts";
import { roleBugs } from "./role-bugs.ts";
import { yieldBugs } from "./yield-bugs.ts";

/** Wrong changes of the classes that real queues have had. */
export const plantedBugs: readonly PlantedBug[] = [
  ...enqueueBugs,
  ...claimBugs,
  ...completeBugs,
  ...repairBugs,
  ...ledgerBugs,
  ...roleBugs,
  ...durabilityBugs,
  ...yieldBugs,
];
