import fc from "fast-check";
import { argumentForms, callings, type Disguise, type Preparation } from "./disguise.ts";
import { preparationsByKind, searchPathPreparations } from "./groups.ts";

/** Some of one kind, so that the many settings do not crowd out the few ways of another kind. */
const some: fc.Arbitrary<readonly Preparation[]> = fc
  .constantFrom(...preparationsByKind)
  .chain((ofKind) => fc.subarray([...ofKind], { minLength: 1, maxLength: Math.min(12, ofKind.length) }));

/** Often with a search_path, without which most of the rest is out of sight. */
export const preparationsArbitrary: fc.Arbitrary<readonly Preparation[]> = fc
  .tuple(some, some, fc.option(fc.constantFrom(...searchPathPreparations), { freq: 4 }))
  .map(([first, second, path]) => [...first, ...second, ...(path === null ? [] : [path])]);

export const disguiseArbitrary: fc.Arbitrary<Disguise> = fc.record({
  preparations: preparationsArbitrary,
  argument: fc.constantFrom(...argumentForms),
  calling: fc.constantFrom(...callings),
});
