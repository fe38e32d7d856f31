import { nothingObserved, type Observation } from "../../model/observation.ts";
import type { Context } from "./context.ts";

/** Looks at the committed rows, for comparison, at points without a call in flight. It is worth a round trip after a commit;
 *  what failed or was rolled back shows at the next look, at the latest at the end. */
export class Observer {
  /** As last looked at. */
  observed: Observation = nothingObserved;
  /** A transaction has ended since then; and one of them by a commit. */
  hasEnded = false;
  hasCommitted = false;

  constructor(private readonly context: Context) {}

  async look(): Promise<void> {
    const { lane, names, recorder, clock } = this.context;
    this.hasEnded = false;
    this.hasCommitted = false;
    const { observation, notifications } = await lane.look(names);
    this.observed = observation;
    const wakeups = notifications.map(({ pid, payload }) => ({
      session: lane.sessionOf(pid),
      payload: names.inText(payload),
    }));
    recorder.observe(clock.now, observation, wakeups);
  }
}
