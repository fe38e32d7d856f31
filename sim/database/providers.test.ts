import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conformance } from "./conformance.ts";
import { containerProvider } from "./container.ts";
import { embeddedProvider, type EmbeddedServer } from "./embedded/provider.ts";
import { EnvironmentFault, type Server } from "./server.ts";
import { urlProvider } from "./url.ts";

const urlOf = (server: EmbeddedServer, user = "counterpoint"): string =>
  `postgresql://${user}:not-told@/postgres?host=${server.socketFolder}`;

let target: EmbeddedServer;
beforeAll(async () => {
  target = await embeddedProvider().start();
});
afterAll(() => target.stop());

conformance("embedded", () => Promise.resolve(embeddedProvider()));
conformance("url", () => Promise.resolve(urlProvider(urlOf(target))));

describe("a URL", () => {
  it("leads to a server that is not stopped, and its password is told nowhere", async () => {
    const server = await urlProvider(urlOf(target)).start();
    expect(server.backends).toBeNull();
    expect(JSON.stringify(server)).not.toContain("not-told");
    await server.stop();
    await expect(target.connect(null).then((connection) => connection.close())).resolves.toBeUndefined();
  });

  it("needs a superuser, and says why", async () => {
    const admin = await target.connect(null);
    await admin.run("create role plain login");
    const fault = await faultOf(urlProvider(urlOf(target, "plain")).start());
    expect(fault.message).toMatch(/no superuser: virtual time/);
    await admin.run("drop role plain");
    await admin.close();
  });

  it.each([
    "postgresql://user:not-told@127.0.0.1:1/db",
    "postgresql://user:not-told@:::/db",
    "postgresql://user:not-told@no-such-host.invalid/db",
  ])("that leads nowhere is a fault without its password", async (url) => {
    const fault = await faultOf(urlProvider(url).start());
    expect([fault.message, String(fault.cause), fault.stack].join()).not.toContain("not-told");
  });
});

describe("a container", () => {
  it("is a server, or a fault that says that Docker is missing", async () => {
    const outcome = await containerProvider()
      .start()
      .catch((error: unknown) => error);
    if (outcome instanceof EnvironmentFault) expect(outcome.message).toMatch(/Docker/);
    else await (outcome as Server).stop();
  });
});

async function faultOf(promise: Promise<unknown>): Promise<EnvironmentFault> {
  const outcome = await promise.catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(EnvironmentFault);
  return outcome as EnvironmentFault;
}
