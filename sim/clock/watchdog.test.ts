import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Stuck, watched } from "./watchdog.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("an answer in time is passed on, and so is a failure, and no timer is left behind", async () => {
  await expect(watched(Promise.resolve(7), 30_000, "session 0")).resolves.toBe(7);
  await expect(watched(Promise.reject(new TypeError("lost")), 30_000, "session 0")).rejects.toThrow(
    TypeError,
  );
  expect(vi.getTimerCount()).toBe(0);
});

test("silence is Stuck, not before its time, and says who was silent", async () => {
  let outcome: unknown = "waiting";
  watched(new Promise(() => undefined), 30_000, "session 3").catch((error: unknown) => (outcome = error));
  await vi.advanceTimersByTimeAsync(29_999);
  expect(outcome).toBe("waiting");
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome).toEqual(new Stuck("session 3: no answer within 30 s"));
  expect(outcome).toBeInstanceOf(Stuck);
});
