import fc from "fast-check";
import type { Step } from "../../sim/schedule.ts";
import { rowRefs } from "./calls.ts";
import type { Phrase } from "./phrases.ts";
import type { Scene } from "./scene.ts";
import { stepKinds } from "./steps.ts";

/** Enqueue, claim, complete. */
export function work({ own }: Scene): fc.Arbitrary<Phrase> {
  return fc.tuple(own.call("enqueue"), own.call("claim"), own.call("complete"));
}

/** A row goes back to the queue, another one comes meanwhile, and it is time for both. */
export function retry(scene: Scene): fc.Arbitrary<Phrase> {
  const { own } = scene;
  const anotherRow = stepKinds(own.sessions, rowRefs);
  return fc.tuple(
    own.call("claim"),
    own.call("complete"),
    anotherRow.call("enqueue"),
    scene.advanceTo("due"),
    own.call("claim"),
    own.call("complete"),
  );
}

/** Let a lease run to its end, or almost, and do what depends on it. */
export function expiry(scene: Scene): fc.Arbitrary<Phrase> {
  return fc.tuple(scene.own.call("claim"), scene.advanceTo("lease"), scene.call(scene.others), scene.call());
}

/** A lease runs out and is repaired while a transaction that began before still holds it for live; or two repairs meet at it. */
export function lateness({ own, others, isolation, advanceTo, end }: Scene): fc.Arbitrary<Phrase> {
  const claimed = [own.call("enqueue"), own.call("claim")] as const;
  return fc.oneof(
    fc.tuple(
      ...claimed,
      own.begin(isolation),
      advanceTo("lease"),
      fc.oneof(others.begin(isolation), others.call("repair")),
      others.call("repair"),
      own.call("complete"),
      fc.oneof(others.end("commit"), others.end("rollback")),
      end(),
    ),
    fc.tuple(
      ...claimed,
      own.begin(isolation),
      own.call("complete"),
      advanceTo("lease"),
      others.call("repair"),
      end(),
    ),
    fc.tuple(
      ...claimed,
      advanceTo("lease"),
      own.begin(isolation),
      own.call("repair"),
      others.call("repair"),
      end(),
    ),
  );
}

/** Two leases, of which the later one may be the first to run out, and a repair that may not take both. */
export function overtaking({ row, own, others, advanceTo }: Scene): fc.Arbitrary<Phrase> {
  const anotherRow = stepKinds(
    own.sessions,
    rowRefs.filter((ref) => ref !== row),
  );
  return fc.tuple(
    own.call("enqueue"),
    anotherRow.call("enqueue"),
    single(own.call("claim")),
    own.call("claim"),
    fc.oneof(advanceTo("lease"), own.advance),
    single(others.call("repair")),
    others.call("claim"),
  );
}

/** Takes or hands back one row at a time. */
function single(step: fc.Arbitrary<Step>): fc.Arbitrary<Step> {
  return step.map((each) =>
    each.kind === "call" && "batchSize" in each.call
      ? { ...each, call: { ...each.call, batchSize: 1 } }
      : each,
  );
}
