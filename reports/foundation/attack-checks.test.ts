import { describe, expect, it } from "vitest";
import { functions, type Grantee } from "../../model/privilege-table.ts";
import type { PartResult } from "../../properties/privileges/check-privileges.ts";
import { violation } from "../../properties/privileges/violation.ts";
import { attackChecks } from "./attack-checks.ts";

const nothingFound: PartResult = { id: "attack.x", name: "x", violations: [], attempts: 7, broken: null };
const calledBy = (who: Grantee, operation: string): PartResult["violations"][number] =>
  violation(
    {
      who,
      through: "login",
      object: functions.claim,
      operation,
      needs: { privileges: ["EXECUTE"] },
    },
    "can do what section 4 does not list",
    ["42501"],
    "done",
  );

const checkOf = (part: Partial<PartResult>) =>
  attackChecks({ seed: 1, operations: 1, attempts: 1, parts: [{ ...nothingFound, ...part }] })[0];

describe("a part of an attack", () => {
  it("that found nothing is ok", () => {
    expect(checkOf({})).toMatchObject({ status: "ok", problems: [], reason: null });
  });

  it("in which nothing was tried is unknown, also where the server kept it from that", () => {
    expect(checkOf({ attempts: 0 })).toMatchObject({ status: "unknown", reason: "nothing was tried" });
    expect(checkOf({ broken: "no such role (SQLSTATE 42704)" })).toMatchObject({
      status: "unknown",
      reason: expect.stringContaining("no such role") as string,
    });
  });

  it("that found something before it broke off is violated", () => {
    const violations = [calledBy("symphony_readonly", "call")];
    expect(checkOf({ violations, broken: "gone" })).toMatchObject({ status: "violated", reason: null });
  });

  it("names a hole once for each attacker, with what mends it", () => {
    const violations = ["a", "b", "c", "d", "e"].map((id) => calledBy("symphony_readonly", id));
    const signature = "public.claim_outbox_batch(integer, text, integer)";
    expect(checkOf({ violations: [...violations, calledBy("symphony_auditor", "a")] })?.problems).toEqual([
      {
        what: expect.stringContaining(
          "tried: a, b, c, d and 1 more; expected 42501, observed done",
        ) as string,
        sql: `REVOKE EXECUTE ON FUNCTION ${signature} FROM symphony_readonly, PUBLIC;`,
        advice: null,
      },
      {
        what: expect.stringContaining("symphony_auditor, function claim_outbox_batch") as string,
        sql: `REVOKE EXECUTE ON FUNCTION ${signature} FROM symphony_auditor, PUBLIC;`,
        advice: null,
      },
    ]);
  });

  it("that refused what is listed is mended by the grant", () => {
    const refused = calledBy("symphony_executor", "call");
    expect(checkOf({ violations: [refused] })?.problems[0]?.sql).toMatch(
      /^GRANT EXECUTE .* TO symphony_executor;$/,
    );
  });
});
