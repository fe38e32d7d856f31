/** Plays cases of a seed as they are and with every core busy with something else, and compares the histories: nothing may
 *  differ. Exit code 1 if something does, 4 if something could not be played.
 *  `node --import tsx bench/under-load.ts [cases, 2500 when left out] [seed]`. */
import { caseOf } from "../properties/generate/cases.ts";
import { playUnderLoad } from "../properties/testing/under-load.ts";
import { startOwnStage } from "../sim/testing/embedded-stage.ts";

const [count = 2_500, seed = 1] = process.argv.slice(2).map(Number);
const cases = Array.from({ length: count }, (_, index) =>
  caseOf(seed, index, { sessions: 8, steps: 40 }, "mix", "mix"),
);

const own = await startOwnStage();
try {
  const { steps, different, unknown } = await playUnderLoad(own.stage, cases);
  console.log([...different, ...unknown].join("\n"));
  console.log(
    `${steps} steps of ${count} cases, seed ${seed}, half of them under load: ` +
      `${different.length} cases differ, ${unknown.length} unknown`,
  );
  process.exitCode = different.length > 0 ? 1 : unknown.length > 0 || steps === 0 ? 4 : 0;
} finally {
  await own.stop();
}
