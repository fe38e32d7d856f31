import fc from "fast-check";
import type { Isolation } from "../../model/operation.ts";
import type { Step } from "../../sim/schedule.ts";
import { crowdRefs, rowRefs } from "./calls.ts";
import { faultPhrases } from "./fault-phrases.ts";
import { expiry, lateness, overtaking, retry, work } from "./lease-phrases.ts";
import { preemption } from "./preemption.ts";
import { Scene } from "./scene.ts";
import { sessionsUpTo, stepKinds } from "./steps.ts";
import type { Profile } from "./swarm.ts";
import {
  contention,
  crossing,
  pileUp,
  retraction,
  slowness,
  staleness,
  transaction,
} from "./transaction-phrases.ts";

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
