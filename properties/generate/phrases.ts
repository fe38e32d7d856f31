import fc from "fast-check";
import type { Isolation } from "../../model/operation.ts";
import type { SavepointVerb, Step } from "../../sim/schedule.ts";
import { crowdRefs, rowRefs } from "./calls.ts";
import { faultPhrases } from "./fault-phrases.ts";
import { preemption } from "./preemption.ts";
import { Scene } from "./scene.ts";
import { sessionsUpTo, stepKinds } from "./steps.ts";
import type { Profile } from "./swarm.ts";

export type Phrase = readonly Step[];

/** Of the phrases of a crowded case, about a third. */
const crowdWeight = 60;

/** More than all other phrases together: the cases without yields have enough of those. */
const preemptionWeight = 600;

/** Short runs of steps that lead somewhere: single steps drawn at random seldom complete what was just claimed, or meet in
 *  a lock. A phrase of an operation that the profile leaves out is left out too. */
export function phrases(profile: Profile, isolation: fc.Arbitrary<Isolation>): fc.Arbitrary<Phrase> {
  const { sessions, weights, keys, yields } = profile;
  const kinds = [
    { weight: weights.claim && weights.complete, of: work },
    { weight: weights.advanceTo && weights.claim, of: retry },
    { weight: weights.advanceTo && weights.claim, of: expiry },
    { weight: weights.begin, of: transaction },
    { weight: weights.begin && weights.savepoint && 6 * weights.rollbackTo, of: retraction },
    { weight: 2 * weights.begin, of: contention },
    { weight: weights.begin && weights.advanceTo && weights.repair, of: lateness },
    { weight: weights.claim && weights.advanceTo && weights.repair, of: overtaking },
    { weight: weights.begin && weights.advance && weights.claim, of: slowness },
    { weight: weights.begin, of: staleness },
    { weight: weights.begin, of: crossing },
    { weight: weights.begin, of: pileUp },
    { weight: keys > rowRefs.length ? crowdWeight : 0, of: crowd },
    { weight: weights.begin && weights.setPolicy && weights.insertPolicy, of: activation },
    ...faultPhrases(weights),
    { weight: yields ? preemptionWeight : 0, of: (scene: Scene) => preemption(scene, weights) },
  ].filter(({ weight }) => weight > 0);
  if (kinds.length === 0)
    return stepKinds(sessionsUpTo(sessions), crowdRefs.slice(0, keys))
      .call("enqueue")
      .map((step) => [step]);

  const scene = scenes(profile, isolation);
  return fc.oneof(...kinds.map(({ weight, of }) => ({ weight, arbitrary: scene.chain((each) => of(each)) })));
}

/** A row and the sessions that meet there. */
export function scenes(
  { sessions, keys }: Pick<Profile, "sessions" | "keys">,
  isolation: fc.Arbitrary<Isolation>,
): fc.Arbitrary<Scene> {
  const refs = crowdRefs.slice(0, keys);
  const drawn = fc.record({
    row: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...refs) },
      { weight: 1, arbitrary: fc.constantFrom(...rowRefs) },
    ),
    session: fc.nat(sessions - 1),
    // Another session where there is one.
    distance: sessions > 1 ? fc.integer({ min: 1, max: sessions - 1 }) : fc.constant(0),
  });
  return drawn.map(
    ({ row, session, distance }) =>
      new Scene(
        row,
        [0, 1, 2].map((each) => (session + each * distance) % sessions),
        isolation,
      ),
  );
}

/** Enqueue, claim, complete. */
function work({ own }: Scene): fc.Arbitrary<Phrase> {
  return fc.tuple(own.call("enqueue"), own.call("claim"), own.call("complete"));
}

/** A row goes back to the queue, another one comes meanwhile, and it is time for both. */
function retry(scene: Scene): fc.Arbitrary<Phrase> {
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
function expiry(scene: Scene): fc.Arbitrary<Phrase> {
  return fc.tuple(scene.own.call("claim"), scene.advanceTo("lease"), scene.call(scene.others), scene.call());
}

function transaction(scene: Scene): fc.Arbitrary<Phrase> {
  return fc.tuple(scene.own.begin(scene.isolation), scene.call(), scene.call(), scene.end());
}

/** A transaction takes back a part of itself, with what that held and with its errors, while another session may wait for
 *  what it held; then it goes on. The part may have a part of its own. */
function retraction({ row, own, others, isolation, end, call }: Scene): fc.Arbitrary<Phrase> {
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
function contention(scene: Scene): fc.Arbitrary<Phrase> {
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

/** A lease runs out and is repaired while a transaction that began before still holds it for live; or two repairs meet at it. */
function lateness({ own, others, isolation, advanceTo, end }: Scene): fc.Arbitrary<Phrase> {
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
function overtaking({ row, own, others, advanceTo }: Scene): fc.Arbitrary<Phrase> {
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

/** Time passes in a transaction, whose own time does not. */
function slowness({ own, others, isolation, end, call }: Scene): fc.Arbitrary<Phrase> {
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
function staleness({ own, others, isolation, end }: Scene): fc.Arbitrary<Phrase> {
  const kinds = ["enqueue", "claim", "complete", "repair"] as const;
  return fc.oneof(
    ...kinds.map((op) =>
      fc.tuple(own.begin(isolation), own.call("ceiling"), others.call(op), own.call(op), end()),
    ),
  );
}

/** Two transactions that take two things in opposite order. */
function crossing({ row, own, others, isolation }: Scene): fc.Arbitrary<Phrase> {
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
function pileUp({ row, sessions, isolation, own, end }: Scene): fc.Arbitrary<Phrase> {
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

/** More rows than a batch takes: many come, in one transaction or each by itself, and large batches of them go, while others
 *  hold some. */
function crowd({ own, others, third, isolation, advanceTo }: Scene): fc.Arbitrary<Phrase> {
  const onAny = (by: Scene["own"]) => stepKinds(by.sessions, crowdRefs);
  const arrivals = fc.array(onAny(own).call("enqueue"), { minLength: 8, maxLength: 12, size: "max" });
  const single = fc.tuple(fc.constant([]), arrivals, fc.constant([]));
  const together = fc.tuple(fc.tuple(own.begin(isolation)), arrivals, fc.tuple(own.end("commit")));
  return fc
    .tuple(
      fc.oneof(single, together).map((parts) => parts.flat()),
      fc.tuple(others.begin(isolation), onAny(others).call("claim"), onAny(third).call("claim")),
      fc.oneof(fc.constant([]), fc.tuple(onAny(own).call("complete"), advanceTo("lease"))),
      fc.tuple(onAny(own).call("repair"), others.end("commit"), onAny(third).call("repair")),
    )
    .map((parts) => parts.flat());
}

/** Two activations at once: each demotes the ACTIVE policy, then promotes another one or brings a new one. */
function activation({ own, others, isolation }: Scene): fc.Arbitrary<Phrase> {
  const promotion = (by: Scene["own"]) => fc.oneof(by.call("setPolicy"), by.call("insertPolicy"));
  return (
    fc
      .tuple(
        own.begin(isolation),
        others.begin(isolation),
        own.call("insertPolicy"),
        own.call("demotePolicy"),
        fc.oneof(others.call("demotePolicy"), promotion(others)),
        promotion(own),
        promotion(others),
        own.end("commit"),
        others.end("commit"),
      )
      // The first row is there, or not, before both begin.
      .map(([begin, otherBegin, first, ...rest]) => [first, begin, otherBegin, ...rest])
  );
}
