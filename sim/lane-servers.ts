import type { CrashableProvider, CrashableServer } from "./database/server.ts";
import type { Ground } from "./ground.ts";
import { Lane } from "./lane.ts";

interface LaneServer {
  readonly server: CrashableServer;
  readonly ground: Ground;
}

/** Servers that crash, one for each lane that is open at a time: nobody else is hit. Started when a lane first wants one,
 *  which takes about 2 s, and kept for the next lane. */
export class LaneServers {
  private readonly running = new Set<CrashableServer>();
  private readonly free: LaneServer[] = [];

  constructor(
    private readonly provider: CrashableProvider,
    private readonly build: (server: CrashableServer) => Promise<Ground>,
  ) {}

  async openLane(sessions: number, yields: boolean): Promise<Lane> {
    const own = this.free.pop() ?? (await this.start());
    const { server, ground } = own;
    return this.orStopped(server, async () => {
      const { database, points } = await ground.clone(yields);
      const crashing = {
        ...database,
        crash: () => server.crash(),
        drop: () =>
          this.orStopped(server, async () => {
            await database.drop();
            this.free.push(own);
          }),
      };
      return Lane.open(crashing, sessions, server.backends, points);
    });
  }

  /** Stops them all, and removes their files. */
  async stop(): Promise<void> {
    for (const server of this.running) await server.stop();
    this.running.clear();
    this.free.length = 0;
  }

  private async start(): Promise<LaneServer> {
    const server = await this.provider.start();
    this.running.add(server);
    return this.orStopped(server, async () => ({ server, ground: await this.build(server) }));
  }

  /** A server on which something failed is of no more use. */
  private async orStopped<T>(server: CrashableServer, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      this.running.delete(server);
      await server.stop();
      throw error;
    }
  }
}
