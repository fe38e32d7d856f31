import type { Connection } from "../../database/connection.ts";
import { claim, complete, connectAs, enqueue, repair, setTime } from "./payments.ts";
import { promise, promiseRefused, promiseSame, type Row, rows } from "./promises.ts";
import type { FoundationTest, Suite, TestDatabase } from "./suite.ts";

/** The story of a payment whose first worker comes back from the dead. */
interface Story {
  readonly owner: Connection;
  readonly ingest: Connection;
  readonly executor: Connection;
  readonly first: Row;
}

const start = "2026-01-01 00:00:00+00";
/** The lease is 30 s long: at its last instant it is expired (contract 3, repair). */
const expiry = "2026-01-01 00:00:30+00";
const afterBackOff = "2026-01-01 00:00:31+00";

async function begin(database: TestDatabase): Promise<Story> {
  const owner = await database.connect();
  const ingest = await connectAs(database, "symphony_ingest");
  const executor = await connectAs(database, "symphony_executor");
  for (const connection of [ingest, executor]) await setTime(connection, start);
  const [first] = await enqueue(ingest, "key");
  promise(first !== undefined, "enqueue returned no row");
  return { owner, ingest, executor, first };
}

async function claimed(story: Story): Promise<Row> {
  const [lease] = await claim(story.executor, "zombie", 30);
  promise(lease !== undefined, "the claim took no row");
  return lease;
}

async function repaired(story: Story): Promise<Row> {
  const lease = await claimed(story);
  await setTime(story.executor, expiry);
  promiseSame(
    await repair(story.executor, "repairer"),
    [{ outbox_id: lease["outbox_id"], attempt_no: 1 }],
    "repair at the expiry",
  );
  return lease;
}

const attempts = (owner: Connection): Promise<readonly Row[]> =>
  rows(
    owner,
    "SELECT attempt_no, state::text, worker_id FROM public.payment_outbox_attempts ORDER BY attempt_no",
  );
const pending = (owner: Connection): Promise<readonly Row[]> =>
  rows(owner, "SELECT * FROM public.payment_outbox_pending");

const tests: readonly FoundationTest[] = [
  {
    id: "idempotency.enqueue-twice",
    name: "a second enqueue with the key answers as the first did, and makes no row",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const { owner, ingest, first } = await begin(database);
        await setTime(ingest, expiry);
        promiseSame(await enqueue(ingest, "key"), [first], "second enqueue");
        promiseSame((await pending(owner)).length, 1, "pending rows");
        return `outbox_id ${String(first["outbox_id"])}, sequence ${String(first["sequence_id"])} both times`;
      }),
  },
  {
    id: "zombie.lease-is-exclusive",
    name: "a claimed row is claimed by nobody else, also once its lease has expired",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const story = await begin(database);
        await claimed(story);
        promiseSame(await claim(story.executor, "other", 30), [], "a claim beside a live lease");
        await setTime(story.executor, expiry);
        promiseSame(await claim(story.executor, "other", 30), [], "a claim of an expired lease");
        return "no row for the second claim, at once and at the expiry";
      }),
  },
  {
    id: "zombie.repair-records",
    name: "repair puts the expiry on the ledger and the row back into the queue",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const story = await begin(database);
        await repaired(story);
        promiseSame(
          await attempts(story.owner),
          [{ attempt_no: 1, state: "ZOMBIE_REQUEUE", worker_id: "repairer" }],
          "attempts",
        );
        const [row] = await pending(story.owner);
        promiseSame([row?.["lease_token"], row?.["attempt_count"]], [null, 1], "lease and attempt_count");
        return "attempt 1 is ZOMBIE_REQUEUE, the lease is gone";
      }),
  },
  {
    id: "zombie.completion-refused",
    name: "the zombie's completion gets P7002 and changes nothing",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const story = await begin(database);
        const lease = await repaired(story);
        const before = [await pending(story.owner), await attempts(story.owner)];
        await promiseRefused(
          complete(story.executor, lease, "zombie", "DISPATCHED"),
          ["P7002"],
          "the zombie",
        );
        promiseSame([await pending(story.owner), await attempts(story.owner)], before, "rows afterwards");
        return "P7002, pending and attempts unchanged";
      }),
  },
  {
    id: "zombie.completion-refused-before-repair",
    name: "an expired lease completes nothing, also before repair has seen it",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const story = await begin(database);
        const lease = await claimed(story);
        await setTime(story.executor, expiry);
        await promiseRefused(
          complete(story.executor, lease, "zombie", "DISPATCHED"),
          ["P7002"],
          "the zombie",
        );
        promiseSame(await attempts(story.owner), [], "attempts");
        return "P7002 at the instant of expiry";
      }),
  },
  {
    id: "idempotency.re-enqueue",
    name: "an enqueue after all that is the same payment: one row, one ledger",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const story = await begin(database);
        await repaired(story);
        promiseSame(await enqueue(story.ingest, "key"), [story.first], "enqueue after repair");
        await setTime(story.executor, afterBackOff);
        const [lease] = await claim(story.executor, "second", 30);
        promise(lease !== undefined, "the row is not claimed again after the back-off");
        await complete(story.executor, lease, "second", "DISPATCHED");
        promiseSame(
          await enqueue(story.ingest, "key"),
          [{ ...story.first, state: "DISPATCHED" }],
          "enqueue after the end",
        );
        promiseSame(
          (await attempts(story.owner)).map(({ state }) => state),
          ["ZOMBIE_REQUEUE", "DISPATCHED"],
          "attempts",
        );
        promiseSame(await pending(story.owner), [], "pending rows");
        return "one outbox_id throughout; attempts ZOMBIE_REQUEUE, DISPATCHED";
      }),
  },
];

/** Contract 6: test_idempotency_zombie.sh. */
export const idempotencyZombie: Suite = { name: "idempotency-zombie", tests };
