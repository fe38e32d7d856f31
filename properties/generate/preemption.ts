import fc from "fast-check";
import type { Step } from "../../sim/schedule.ts";
import type { Phrase } from "./phrases.ts";
import type { Scene } from "./scene.ts";
import type { Weights } from "./weights.ts";

/** A call is stopped inside a function, other sessions do whole operations, and it goes on. Few preemptions, each at a random
 *  place, find what there is to find (probabilistic concurrency testing: Burckhardt and others, 2010). */
export function preemption(scene: Scene, { terminate, cancel }: Weights): fc.Arbitrary<Phrase> {
  const { own, isolation, end } = scene;
  // A fault is a way to go on, too. Of weight 1 where it is usual.
  const goOn = fc.oneof(
    { weight: 12, arbitrary: own.resume.through },
    { weight: terminate, arbitrary: own.fault("terminate") },
    { weight: cancel, arbitrary: own.fault("cancel") },
  );
  const parked = (call: fc.Arbitrary<Step>) =>
    fc.oneof(
      { weight: 4, arbitrary: call.map((step): Phrase => [step]) },
      { weight: 1, arbitrary: fc.tuple(own.begin(isolation), call) },
    );
  const once = meanwhile(scene);
  const twice = fc
    .tuple(once, own.resume.parking, once)
    .map(([first, resume, second]): Phrase => [...first, resume, ...second]);
  const others = fc.oneof({ weight: 2, arbitrary: once }, { weight: 1, arbitrary: twice });
  const parts = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(prelude(scene), parked(parkedCall(scene)), others) },
    ...rivalries(scene).map(([before, call, rival]) => ({
      weight: 1,
      arbitrary: fc.tuple(before, parked(call), rival),
    })),
  );
  return fc
    .tuple(parts, goOn, end())
    .map(([[before, begun, others], next, ended]) => [
      ...before,
      ...begun,
      ...others,
      next,
      ...(begun.length > 1 ? [ended] : []),
    ]);
}

type Part = fc.Arbitrary<Phrase>;

/** The row, a call that is stopped at it, and what takes that row from under it. */
function rivalries({
  own,
  others,
  third,
  advanceTo,
}: Scene): readonly (readonly [Part, fc.Arbitrary<Step>, Part])[] {
  const none: Part = fc.constant([]);
  const came = [own.call("enqueue")] as const;
  const leased = [...came, own.call("claim")] as const;
  const expired = [...leased, advanceTo("lease")] as const;
  const orMore = (first: fc.Arbitrary<Step>, ...more: readonly fc.Arbitrary<Step>[]): Part =>
    fc.oneof(fc.tuple(first), fc.tuple(first, ...more));
  const again = [advanceTo("due"), third.call("claim")] as const;
  return [
    [none, own.parkedCall("enqueue"), orMore(others.call("enqueue"), third.call("claim"))],
    [fc.tuple(...leased), own.parkedCall("enqueue"), fc.tuple(others.call("complete"))],
    [fc.tuple(...came), own.parkedCall("enqueue"), orMore(others.call("claim"), others.call("complete"))],
    [fc.tuple(...came), own.parkedCall("claim"), orMore(others.call("claim"), others.call("complete"))],
    [fc.tuple(...leased), own.parkedCall("complete"), fc.tuple(others.call("complete"))],
    [fc.tuple(...expired), own.parkedCall("complete"), orMore(others.call("repair"), ...again)],
    [
      fc.tuple(...leased),
      own.parkedCall("complete"),
      orMore(advanceTo("lease"), others.call("repair"), ...again),
    ],
    [fc.tuple(...expired), own.parkedCall("repair"), orMore(others.call("repair"), ...again)],
  ];
}

/** The row as the call finds it: as it happens to be, pending, leased, or with a lease that has run out. */
function prelude({ own, advanceTo }: Scene): fc.Arbitrary<Phrase> {
  const leased = [own.call("enqueue"), own.call("claim")] as const;
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant<Phrase>([]) },
    { weight: 1, arbitrary: fc.tuple(own.call("enqueue")) },
    { weight: 2, arbitrary: fc.tuple(...leased) },
    { weight: 2, arbitrary: fc.tuple(...leased, advanceTo("lease")) },
  );
}

function parkedCall({ own }: Scene): fc.Arbitrary<Step> {
  return fc.oneof(
    { weight: 3, arbitrary: own.parkedCall("enqueue") },
    { weight: 2, arbitrary: own.parkedCall("claim") },
    { weight: 3, arbitrary: own.parkedCall("complete") },
    { weight: 3, arbitrary: own.parkedCall("repair") },
  );
}

/** What others do: mostly whole operations on the row, sometimes one that parks too; time may pass. */
function meanwhile(scene: Scene): fc.Arbitrary<Phrase> {
  const { others, third, advanceTo } = scene;
  const step = fc.oneof(
    { weight: 8, arbitrary: scene.call(others) },
    { weight: 2, arbitrary: scene.call(third) },
    { weight: 1, arbitrary: others.parkedCall("enqueue") },
    { weight: 1, arbitrary: others.parkedCall("complete") },
    { weight: 1, arbitrary: others.resume.through },
    { weight: 1, arbitrary: advanceTo("lease") },
    { weight: 1, arbitrary: advanceTo("due") },
  );
  return fc.array(step, { minLength: 1, maxLength: 4, size: "max" });
}
