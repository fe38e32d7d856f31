import { embeddedProvider } from "./provider.ts";

/** A process that starts a server, for the tests of its end. Prints where it is, then ends as its argument says. */
const server = await embeddedProvider().start();
const connection = await server.connect(null);
const held = await server.connect(null);
server.backends.pause(held.pid);
console.log(JSON.stringify({ folder: server.socketFolder, backend: held.pid, uid: process.getuid?.() }));

switch (process.argv[2]) {
  case "hang":
    setInterval(() => undefined, 1000);
    break;
  case "stop":
    await server.stop();
    break;
  case "throw":
    throw new Error("thrown on purpose");
  default:
    // Ends by itself with the server running, and with an exit code that the clean-up must not change.
    server.backends.resume(held.pid);
    await Promise.all([connection.close(), held.close()]);
    process.exitCode = 4;
}
