import { randomBytes } from "node:crypto";
import { remoteServer } from "./remote-server.ts";
import { EnvironmentFault, type Provider, type Server } from "./server.ts";

const image = "postgres:18";
const port = 5432;

/** A server in a container of its own. Needs Docker; testcontainers' reaper removes it also when we are killed. */
export function containerProvider(): Provider {
  return { start: startContainer };
}

async function startContainer(): Promise<Server> {
  // Imported here: it takes a second to load, and is optional.
  const { GenericContainer, Wait } = await import("testcontainers").catch((cause: unknown) => {
    throw new EnvironmentFault("the optional package testcontainers is not installed: run npm install", {
      cause,
    });
  });
  const password = randomBytes(16).toString("hex");
  const container = await new GenericContainer(image)
    .withEnvironment({ POSTGRES_PASSWORD: password })
    .withCommand(["postgres", "-c", "fsync=off", "-c", "autovacuum=off", "-c", "max_connections=170"])
    .withExposedPorts(port)
    // Twice: the image starts the server once to initialise it.
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .start()
    .catch((cause: unknown) => {
      throw new EnvironmentFault(
        `no container of ${image}: ${cause instanceof Error ? cause.message : String(cause)}. Is Docker running? ` +
          "The embedded server needs none",
        { cause },
      );
    });
  const stop = async (): Promise<void> => {
    await container.stop();
  };
  const host = container.getHost();
  const settings = {
    host,
    port: container.getMappedPort(port),
    user: "postgres",
    database: "postgres",
    password,
  };
  return remoteServer({ provider: "container", settings: { ...settings, ssl: false }, stop }).catch(
    async (error: unknown) => {
      await stop();
      throw error;
    },
  );
}
