import fc from "fast-check";
import type { Step } from "../../sim/schedule.ts";
import { rowRefs } from "./calls.ts";
import type { Phrase } from "./phrases.ts";
import type { Scene } from "./scene.ts";
import { stepKinds } from "./steps.ts";
import type { Weights } from "./weights.ts";

/** Phrases in which a fault hits where it matters. One of a fault that the profile leaves out is left out too. */
export function faultPhrases(
  weights: Weights,
): readonly { readonly weight: number; readonly of: (scene: Scene) => fc.Arbitrary<Phrase> }[] {
  const { terminate, cancel, lockTimeout, loseAcknowledgement } = weights;
  return [
    { weight: terminate && weights.advanceTo && weights.claim && weights.repair, of: death },
    {
      weight: weights.begin && terminate,
      of: (scene) => inTheWay(scene, [], [scene.own.fault("terminate"), scene.others.fault("terminate")]),
    },
    { weight: weights.begin && cancel, of: (scene) => inTheWay(scene, [], [scene.others.fault("cancel")]) },
    {
      weight: weights.begin && lockTimeout,
      of: (scene) => inTheWay(scene, [scene.others.fault("lockTimeout")]),
    },
    { weight: loseAcknowledgement, of: uncertainty },
    { weight: 4 * weights.dropListener, of: absence },
  ];
}

export const crash: fc.Arbitrary<Step> = fc.record({ kind: fc.constant("crash") });

/** The server crashes: wherever the sessions happen to be, or where one waits for another. */
export function crashPhrase(scene: Scene): fc.Arbitrary<Phrase> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.tuple(crash) },
    { weight: 1, arbitrary: inTheWay(scene, [], [crash]) },
  );
}

/** A worker dies with a lease; the row is repaired, and the worker comes back with the lease that it had. */
function death({ own, others, advanceTo }: Scene): fc.Arbitrary<Phrase> {
  return fc.tuple(
    own.call("claim"),
    own.fault("terminate"),
    advanceTo("lease"),
    others.call("repair"),
    own.call("complete"),
  );
}

/** A call in an open transaction, and another session's call that has to wait for it; a fault before or after that. */
function inTheWay(
  { own, others, isolation, end }: Scene,
  before: readonly fc.Arbitrary<Step>[],
  after: readonly fc.Arbitrary<Step>[] = [],
): fc.Arbitrary<Phrase> {
  const open = fc.oneof(fc.constant([]), fc.tuple(others.begin(isolation)));
  return fc
    .tuple(
      open,
      fc.oneof(
        fc.tuple(own.begin(isolation), own.call("enqueue"), ...before, others.call("enqueue")),
        fc.tuple(
          own.call("claim"),
          own.begin(isolation),
          own.call("complete"),
          ...before,
          others.call("complete"),
        ),
      ),
      after.length === 0 ? fc.constant([]) : fc.tuple(fc.oneof(...after)),
      fc.tuple(end()),
    )
    .map((parts) => parts.flat());
}

/** A caller does not learn whether its call took effect, and asks again; or another one does. Or it has a lease of which it
 *  does not know whether it holds it, and comes back with that when others had time to take the row. */
function uncertainty({ own, others, isolation, advanceTo }: Scene): fc.Arbitrary<Phrase> {
  const lost = own.fault("loseAcknowledgement");
  const zombie = [own.begin(isolation), own.call("claim"), lost, own.end("commit")] as const;
  return fc.oneof(
    fc.tuple(...zombie, own.call("complete")),
    fc.tuple(...zombie, advanceTo("lease"), others.call("repair"), own.call("complete")),
    fc.tuple(lost, own.call("enqueue"), fc.oneof(own.call("enqueue"), others.call("enqueue"))),
    fc.tuple(
      own.call("claim"),
      lost,
      own.call("complete"),
      fc.oneof(own.call("complete"), others.call("claim")),
    ),
    fc.tuple(lost, own.call("claim"), others.call("claim"), own.call("complete")),
    fc.tuple(own.begin(isolation), own.call("enqueue"), lost, own.end("commit"), own.call("enqueue")),
  );
}

/** The listener goes and comes back while a wake-up is on its way: before its transaction begins, before it ends, while it
 *  waits, or when it has ended unseen. */
function absence({ row, own, others, third, isolation, end }: Scene): fc.Arbitrary<Phrase> {
  const [drop, restore] = [own.listener("dropListener"), own.listener("restoreListener")];
  const begin = [own.begin(isolation), own.call("enqueue")] as const;
  const anotherRow = stepKinds(third.sessions, [rowRefs.find((ref) => ref !== row) ?? row]);
  return fc.oneof(
    fc.tuple(drop, own.call("enqueue"), restore, anotherRow.call("enqueue")),
    fc.tuple(drop, ...begin, restore, end()),
    fc.tuple(...begin, drop, end(), restore),
    fc.tuple(...begin, others.call("enqueue"), drop, own.end("rollback"), restore),
    fc.tuple(...begin, others.call("enqueue"), anotherRow.call("enqueue"), drop, restore, end()),
  );
}
