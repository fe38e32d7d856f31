import type { PolicyVersion } from "../../model/state.ts";
import type { Look } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const singleActivePolicy: Invariant = {
  id: "INV-18",
  name: "single active policy",
  statement: "at most one ACTIVE policy at any time, and every policy row is well formed",
  check: (timeline) => firstFault(timeline.looks, checkLook),
};

function checkLook({ event, observation: { policies } }: Look): Fault | null {
  const active = policies.filter(({ status }) => status === "ACTIVE").map(({ version }) => version);
  if (active.length > 1) {
    return { event, rule: "two ACTIVE policies", expected: "at most one", observed: active.join(", ") };
  }
  return firstFault(policies, (row) => {
    if (isWellFormed(row)) return null;
    const expected = "GRACE with its end, ACTIVE without, a checksum, is_active true to the status";
    return { event, rule: "a policy is malformed", expected, observed: JSON.stringify(row) };
  });
}

function isWellFormed({ status, graceExpiresAt, checksum, isActive }: PolicyVersion): boolean {
  if (status === "GRACE" && graceExpiresAt === null) return false;
  if (status === "ACTIVE" && graceExpiresAt !== null) return false;
  return checksum !== "" && isActive === (status === "ACTIVE");
}
