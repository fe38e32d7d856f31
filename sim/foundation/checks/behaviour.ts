import { ceilingOf } from "../../../model/ceiling.ts";
import { wakeUpChannel } from "../../../model/foundation/functions.ts";
import { functions } from "../../../model/privilege-table.ts";
import { type CeilingFacts, need, type ServerFacts, type UuidFacts } from "../catalog.ts";
import { type Check, mendedByHand, mendedBySql, type Problem } from "../check.ts";

/** What can be seen of the functions' doing without writing. */
export const behaviourChecks: readonly Check[] = [
  {
    id: "uuid.strategy",
    name: "uuid_strategy() is true to the server and to what uuid_v7_or_random() makes",
    contract: "3",
    weak: false,
    judge: ({ server, uuids }) => judgeUuids(need(server), need(uuids)),
  },
  {
    id: "ceiling.setting",
    name: "the retry ceiling's setting is valid, and outbox_retry_ceiling() reads it",
    contract: "3",
    weak: false,
    judge: ({ server, ceiling }) => judgeCeiling(need(server), need(ceiling)),
  },
  {
    id: "notify.channel",
    name: `enqueue's text notifies ${wakeUpChannel} with an empty payload`,
    contract: "3",
    weak: true,
    judge: (catalog) =>
      judgeNotify(
        need(catalog.functions).find((each) => each.signature === functions.enqueue.name)?.body ?? "",
      ),
  },
];

/** The digit of a UUID's text that says its version (RFC 9562, 4.2). */
const versionDigit = 14;

function judgeUuids({ hasUuidV7 }: ServerFacts, { strategy, value }: UuidFacts): readonly Problem[] {
  const expected = hasUuidV7 ? "uuidv7" : "gen_random_uuid";
  const version = hasUuidV7 ? "7" : "4";
  const problems: Problem[] = [];
  if (strategy !== expected)
    problems.push(
      mendedByHand(
        `uuid_strategy() says ${strategy}, the server's own is ${expected}`,
        "have it ask the server: to_regprocedure('pg_catalog.uuidv7()')",
      ),
    );
  if (value[versionDigit] !== version)
    problems.push(
      mendedByHand(
        `uuid_v7_or_random() made ${value}, which is no version ${version}`,
        `have it return pg_catalog.${expected}()`,
      ),
    );
  return problems;
}

function judgeCeiling({ database }: ServerFacts, { setting, answer }: CeilingFacts): readonly Problem[] {
  const expected = ceilingOf(setting);
  const said = setting === null ? "not set" : `'${setting}'`;
  if (expected === null)
    return [
      mendedBySql(
        `symphony.outbox_retry_ceiling is ${said}, must be a number from 1 to 1000: repair and retries fail`,
        `ALTER DATABASE ${database} SET symphony.outbox_retry_ceiling = 20;`,
      ),
    ];
  if ("value" in answer && answer.value === expected) return [];
  const found = "value" in answer ? String(answer.value) : `SQLSTATE ${answer.sqlstate}`;
  return [
    mendedByHand(
      `the setting is ${said}, and outbox_retry_ceiling() answers ${found}, not ${expected}`,
      "restore the function: it reads the database's own row of pg_db_role_setting",
    ),
  ];
}

function judgeNotify(body: string): readonly Problem[] {
  const code = body.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, "");
  const call = new RegExp(String.raw`\bpg_notify\s*\(\s*'${wakeUpChannel}'\s*,\s*''\s*\)`, "i");
  const command = new RegExp(String.raw`\bnotify\s+${wakeUpChannel}\s*;`, "i");
  if (call.test(code) || command.test(code)) return [];
  return [
    mendedByHand(
      `enqueue_payment_outbox has no NOTIFY ${wakeUpChannel} with an empty payload in its text`,
      `restore PERFORM pg_notify('${wakeUpChannel}', ''), behind the insert of the pending row`,
    ),
  ];
}
