import fc from "fast-check";
import type { SavepointVerb, Step } from "../../sim/schedule.ts";
import { rowRefs } from "./calls.ts";
import type { Phrase } from "./phrases.ts";
import type { Scene } from "./scene.ts";
import { stepKinds } from "./steps.ts";

export function transaction(scene: Scene): fc.Arbitrary<Phrase> {
  return fc.tuple(scene.own.begin(scene.isolation), scene.call(), scene.call(), scene.end());
}

/** A transaction takes back a part of itself, with what that held and with its errors, while another session may wait for
 *  what it held; then it goes on. The part may have a part of its own. */
export function retraction({ row, own, others, isolation, end, call }: Scene): fc.Arbitrary<Phrase> {
  const savepoint = (kind: SavepointVerb, name: string) => own.savepoint(kind, fc.constant(name));
  const any = () => call(own);
  const nested = fc.tuple(savepoint("savepoint", "s2"), any());
  const released = fc.tuple(savepoint("release", "s2"));
  return fc
    .tuple(
      fc.tuple(
        own.begin(isolation),
        any(),
        savepoint("savepoint", "s1"),
        fc.oneof(any(), own.call("enqueue")),
      ),
      fc.oneof(fc.constant([]), nested),
      fc.oneof(fc.constant([]), fc.tuple(call(others)), released),
      fc.tuple(
        own.savepoint("rollbackTo"),
        stepKinds(own.sessions, [row, ...rowRefs]).call("enqueue"),
        any(),
      ),
      fc.tuple(end()),
    )
    .map((parts) => parts.flat());
}

/** A call in a transaction that stays open, and the same kind of call by another session, which waits for it; time may
 *  pass meanwhile. Both complete one lease, or both enqueue one key, or into one participant. */
export function contention(scene: Scene): fc.Arbitrary<Phrase> {
  const { own, others } = scene;
  return fc.oneof(
    meeting(scene, [], own.call("enqueue"), others.call("enqueue")),
    meeting(scene, [own.call("claim")], own.call("complete"), others.call("complete")),
  );
}

function meeting(
  { own, others, isolation, advanceTo, end }: Scene,
  before: readonly fc.Arbitrary<Step>[],
  first: fc.Arbitrary<Step>,
  second: fc.Arbitrary<Step>,
): fc.Arbitrary<Phrase> {
  const open = fc.oneof(fc.constant([]), fc.tuple(others.begin(isolation)));
  const pause = fc.oneof(fc.constant([]), fc.tuple(advanceTo("lease")));
  return fc
    .tuple(fc.tuple(...before), open, fc.tuple(own.begin(isolation), first, second), pause, fc.tuple(end()))
    .map((parts) => parts.flat());
}

/** Time passes in a transaction, whose own time does not. */
export function slowness({ own, others, isolation, end, call }: Scene): fc.Arbitrary<Phrase> {
  return fc.tuple(
    own.call("enqueue"),
    own.begin(isolation),
    own.advance,
    fc.oneof(own.call("claim"), call()),
    call(others),
    end(),
    call(),
  );
}

/** A transaction takes its snapshot, another session changes the row, and the first one wants it too. */
export function staleness({ own, others, isolation, end }: Scene): fc.Arbitrary<Phrase> {
  const kinds = ["enqueue", "claim", "complete", "repair"] as const;
  return fc.oneof(
    ...kinds.map((op) =>
      fc.tuple(own.begin(isolation), own.call("ceiling"), others.call(op), own.call(op), end()),
    ),
  );
}

/** Two transactions that take two things in opposite order. */
export function crossing({ row, own, others, isolation }: Scene): fc.Arbitrary<Phrase> {
  const second = rowRefs.find((ref) => ref !== row) ?? row;
  const [ownSecond, othersSecond] = [stepKinds(own.sessions, [second]), stepKinds(others.sessions, [second])];
  return fc.oneof(
    ...(["enqueue", "complete"] as const).map((op) =>
      fc.tuple(
        own.begin(isolation),
        others.begin(isolation),
        own.call(op),
        othersSecond.call(op),
        ownSecond.call(op),
        others.call(op),
        own.end("commit"),
        others.end("commit"),
      ),
    ),
  );
}

/** One transaction holds what two other sessions want, each of which may hold something already; when it ends, both run
 *  at once. */
export function pileUp({ row, sessions, isolation, own, end }: Scene): fc.Arbitrary<Phrase> {
  const [, second = 0, third = 0] = sessions;
  const anotherRow = rowRefs.find((ref) => ref !== row) ?? row;
  const anyRow = stepKinds(own.sessions, rowRefs);
  return fc.tuple(
    own.call("enqueue"),
    stepKinds(own.sessions, [anotherRow]).call("enqueue"),
    own.call("claim"),
    own.call("claim"),
    own.begin(isolation),
    anyRow.call("enqueue"),
    stepKinds([second], [row]).call("complete"),
    stepKinds([third], [anotherRow]).call("complete"),
    end(),
  );
}
