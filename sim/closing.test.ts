import { describe, expect, test } from "vitest";
import { claimed, leased, now, ok, pending, second } from "../model/fixtures.ts";
import type { Micros } from "../model/operation.ts";
import type { Response } from "../model/response.ts";
import type { PendingRow } from "../model/state.ts";
import { closingOmission, playClosing } from "./closing.ts";

/** Plays the phase on a desk whose looks show these rows one after another; what it did, in short. */
async function closing(
  looks: readonly (readonly PendingRow[])[],
  answer: Response = ok(),
): Promise<string[]> {
  const told: string[] = [];
  let shown = 0;
  await playClosing({
    pending: () => looks[shown] ?? [],
    advanceTo: (deadline: Micros) => {
      told.push(`to +${deadline - now}`);
      return Promise.resolve();
    },
    call: (call) => {
      const batch = "batchSize" in call ? ` ${call.batchSize}` : "";
      const row = call.op === "complete" ? ` ${call.row?.instruction}/${call.row?.key} ${call.state}` : "";
      told.push(`${call.op}${batch}${row}`);
      return Promise.resolve(call.op === "claim" ? answer : ok());
    },
    look: () => {
      told.push("look");
      shown += 1;
      return Promise.resolve();
    },
  });
  return told;
}

describe("the closing phase", () => {
  const waiting = pending("r1", { nextAttemptAt: now + 5 });
  const held = leased("r2", { idempotencyKey: "2", leaseExpiresAt: now + 7 });

  test("does nothing where nothing is left", async () => {
    expect(await closing([])).toEqual([]);
  });
  test("claims and dispatches what is due, at the last deadline", async () => {
    expect(await closing([[waiting]], ok(claimed(waiting)))).toEqual([
      "to +5",
      "claim 1",
      "complete of r1/1 DISPATCHED",
      "look",
    ]);
  });
  test("repairs what is leased, and dispatches it in the second round", async () => {
    const again = pending("r2", { idempotencyKey: "2", nextAttemptAt: now + second });
    expect(await closing([[waiting, held], [again]], ok(claimed(again)))).toEqual([
      ...["to +7", "repair 2", "claim 2", "complete of r2/2 DISPATCHED", "look"],
      ...[`to +${second}`, "claim 1", "complete of r2/2 DISPATCHED", "look"],
    ]);
  });
  test("is over after two rounds, whatever is left", async () => {
    const told = await closing([[held], [held], [held]]);
    expect(told).toEqual(["to +7", "repair 1", "look", "to +7", "repair 1", "look"]);
  });
  test("is left out under a bad ceiling only", () => {
    expect([null, "1", "1000", "0", "two"].map((retryCeiling) => closingOmission({ retryCeiling }))).toEqual([
      null,
      null,
      null,
      "bad ceiling",
      "bad ceiling",
    ]);
  });
});
