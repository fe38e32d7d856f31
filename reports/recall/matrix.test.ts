import { describe, expect, test } from "vitest";
import { invariants } from "../../properties/invariants/index.ts";
import { plantedBugs } from "../../properties/planted/bugs.ts";
import { type MatrixRow, matrixSummary } from "../../properties/planted/matrix.ts";
import { matrixMarkdown } from "./matrix-markdown.ts";

function rowOf(id: string, seenBy: Record<string, number>, byModel = 3): MatrixRow {
  const bug = plantedBugs.find((each) => each.id === id);
  if (bug === undefined) throw new Error(`no planted bug ${id}`);
  const violated = Math.max(0, ...Object.values(seenBy));
  return { bug, cases: 100, violated, byModel, unknown: 0, seenBy };
}

// The first two name INV-05 and INV-15, the third is seen by the model alone.
const rows = [
  rowOf("fence-without-token", { "INV-05": 7 }),
  rowOf("claim-waits", { "INV-04": 2, "INV-15": 5 }, 0),
  rowOf("any-state-accepted", {}),
];

describe("matrixSummary", () => {
  test("tells which invariants have a bug to themselves, and which have none", () => {
    const { alone, neverAlone, wrong } = matrixSummary(rows);
    expect(alone).toEqual({ "INV-05": ["fence-without-token"] });
    expect(neverAlone).toEqual(invariants.map(({ id }) => id).filter((id) => id !== "INV-05"));
    expect(wrong).toEqual([]);
  });
  test("tells what only one side sees, and what none does", () => {
    const all = [...rows, rowOf("siblings-locked", {}, 0)];
    expect(matrixSummary(all)).toMatchObject({
      notByModel: ["claim-waits"],
      byModelAlone: ["any-state-accepted"],
      unseen: ["siblings-locked"],
    });
  });
  test("names bugs that their invariant did not see, or that one saw though they name none", () => {
    const others = [rowOf("claim-waits", { "INV-04": 2 }), rowOf("any-state-accepted", { "INV-07": 1 })];
    expect(matrixSummary(others).wrong).toEqual(["claim-waits", "any-state-accepted"]);
  });
});

test("matrixMarkdown has a column for each invariant that saw something, and marks what a bug names", () => {
  const page = matrixMarkdown(rows, matrixSummary(rows), {
    seed: 1,
    runs: 100,
    enough: 10,
    postgres: "18.4",
  });
  expect(page).toContain("| planted bug | cases | model | 04 | 05 | 15 |");
  expect(page).toContain("| `claim-waits` | 100 |  | 2 |  | **5** |");
  expect(page).toContain("| INV-05 | `fence-without-token` |");
  const missed = [rowOf("claim-waits", { "INV-04": 2 }), ...rows.slice(0, 1)];
  expect(
    matrixMarkdown([...missed, rowOf("siblings-locked", { "INV-15": 1 })], matrixSummary(missed), {
      seed: 1,
      runs: 100,
      enough: 10,
      postgres: "18.4",
    }),
  ).toContain("| `claim-waits` | 100 | 3 | 2 |  | **none** |");
});
