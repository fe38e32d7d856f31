import { describe, expect, test } from "vitest";
import { epoch, formatMicros, lastDeadline, VirtualClock } from "./virtual-clock.ts";

describe("VirtualClock", () => {
  test("begins at its epoch, and ticks at each transaction's start", () => {
    const clock = new VirtualClock();
    expect(clock.now).toBe(epoch);
    expect([clock.startTransaction(), clock.startTransaction()]).toEqual([epoch + 1, epoch + 2]);
    expect(clock.now).toBe(epoch + 2);
  });
  test("does not tick right after a jump: the first transaction meets the deadline, the second comes after it", () => {
    const clock = new VirtualClock();
    expect(clock.jumpTo(epoch + 100)).toBe(true);
    expect([clock.startTransaction(), clock.startTransaction()]).toEqual([epoch + 100, epoch + 101]);
  });
  test("stands still between jumps where it does not tick", () => {
    const clock = new VirtualClock(false);
    expect([clock.startTransaction(), clock.startTransaction()]).toEqual([epoch, epoch]);
    clock.jumpTo(epoch + 100);
    expect([clock.startTransaction(), clock.startTransaction()]).toEqual([epoch + 100, epoch + 100]);
  });
  test("jumps forward only", () => {
    const clock = new VirtualClock();
    clock.startTransaction();
    expect([epoch - 1, epoch, epoch + 1].map((target) => clock.jumpTo(target))).toEqual([
      false,
      false,
      false,
    ]);
    expect(clock.startTransaction()).toBe(epoch + 2);
    expect(clock.jumpTo(epoch + 3)).toBe(true);
  });
  test("gives no two transactions the same now, whatever the jumps", () => {
    const clock = new VirtualClock();
    const nows = [0, 1, 2, 0, 5, 6, 1].map((ahead) => {
      clock.jumpTo(clock.now + ahead);
      return clock.startTransaction();
    });
    expect(new Set(nows).size).toBe(nows.length);
    expect(nows.toSorted((x, y) => x - y)).toEqual(nows);
  });
  test("ends where the longest lease would leave the exact integers", () => {
    const end = Date.UTC(2180, 0, 1) * 1000;
    const clock = new VirtualClock();
    expect([clock.jumpTo(end + 1), clock.jumpTo(end)]).toEqual([false, true]);
    expect(Number.isSafeInteger(end + 2 ** 31 * 1_000_000)).toBe(true);
  });
  test("reaches the end of that lease where it is told so, and stays exact", () => {
    const end = Date.UTC(2180, 0, 1) * 1000;
    const clock = new VirtualClock();
    clock.jumpTo(end);
    const expiry = clock.startTransaction() + 2 ** 31 * 1_000_000;
    expect([clock.jumpTo(expiry), clock.jumpTo(expiry, lastDeadline)]).toEqual([false, true]);
    expect(Number.isSafeInteger(lastDeadline)).toBe(true);
  });
});

test("formatMicros gives ISO time in UTC with six digits, exactly", () => {
  expect(formatMicros(epoch)).toBe("2026-01-01T00:00:00.000000Z");
  expect(formatMicros(epoch + 1)).toBe("2026-01-01T00:00:00.000001Z");
  expect(formatMicros(epoch + 59_999_999)).toBe("2026-01-01T00:00:59.999999Z");
  expect(formatMicros(8_774_450_047_000_007)).toBe("2248-01-20T03:14:07.000007Z");
});
