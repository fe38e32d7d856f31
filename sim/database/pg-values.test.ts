import { describe, expect, it } from "vitest";
import { formatTimestamptz, parseTimestamptz } from "./pg-values.ts";

describe("a timestamptz", () => {
  it.each([
    ["1970-01-01 00:00:00+00", 0],
    ["1969-12-31 23:59:59.999999+00", -1],
    ["2026-01-02 02:04:05.1+00", 1767319445100000],
    ["2026-01-02 02:04:05.000006+00", 1767319445000006],
    ["2255-06-05 23:47:34.740991+00", 9007199254740991],
  ])("%s is an exact number of microseconds", (text, microseconds) => {
    expect(parseTimestamptz(text)).toBe(microseconds);
    expect(parseTimestamptz(formatTimestamptz(microseconds))).toBe(microseconds);
  });

  it.each([
    "infinity",
    "-infinity",
    "0044-03-15 00:00:00+00 BC",
    "10000-01-01 00:00:00+00",
    "9999-12-31 23:59:59.999999+00", // no double holds it exactly
    "0001-01-01 00:00:00+00",
    "2026-01-02 02:04:05+01",
    "",
  ])("%s is refused", (text) => {
    expect(() => parseTimestamptz(text)).toThrow(RangeError);
  });

  it("is written with six digits", () => {
    expect(formatTimestamptz(1767319445000006)).toBe("2026-01-02 02:04:05.000006+00");
    expect(() => formatTimestamptz(0.5)).toThrow(RangeError);
  });
});
