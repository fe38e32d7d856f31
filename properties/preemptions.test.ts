import { expect, test } from "vitest";
import { claim, enqueue, fail, ok } from "../model/fixtures.ts";
import { history } from "./history-builder.ts";
import { faultsOnParked, preemptionsOf } from "./preemptions.ts";

const parked = () => history().invoke(0, enqueue()).park(0);

test("counts what happens beside a parked call, and not the call itself", () => {
  const beside = parked().call(1, claim(), ok()).invoke(2, enqueue()).wait(2, "transactionid", 0);
  expect(preemptionsOf(beside.resume(0).answer(0, ok()).answer(2, ok()).history())).toEqual([
    "parked",
    "call beside a parked one",
    "lock wait beside a parked call",
  ]);
  expect(preemptionsOf(parked().answer(0, fail("57014")).call(1, claim(), ok()).history())).toEqual([
    "parked",
  ]);
});

test("tells a fault that hits a parked call from one that hits another", () => {
  const hit = parked().fault("cancel", 0).answer(0, fail("57014")).history();
  expect(preemptionsOf(hit)).toEqual(["parked", "cancel: parked"]);
  expect(faultsOnParked(hit).size).toBe(1);
  const resumed = parked()
    .resume(0)
    .wait(0, "tuple", 1)
    .fault("terminate", 0)
    .answer(0, fail("57P01"))
    .history();
  expect(preemptionsOf(resumed)).toEqual(["parked"]);
  expect(faultsOnParked(resumed).size).toBe(0);
});
